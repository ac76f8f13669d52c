/** JSON of a usual form, about so many bytes: `JSON.parse` of it is what other work is compared with. */
export function usualBatch(bytes: number): string {
  const log = (i: number) => ({ id: `req_${i}`, at: [1, 2, i], body: { note: 'hello world', ok: true } });
  return JSON.stringify(Array.from({ length: bytes / 80 }, (_, i) => log(i)));
}
