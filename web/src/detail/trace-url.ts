/**
 * The address of a trace.
 *
 * @param template contains `{traceId}`. Null: traces are not linked.
 * @returns null if there is no trace, or if the address would not be one of the web.
 */
export function traceUrl(
  template: string | null | undefined,
  traceId: string | null | undefined,
): string | null {
  if (!template || !traceId) return null;
  const url = URL.parse(template.replaceAll('{traceId}', () => encodeURIComponent(traceId)));
  return url !== null && /^https?:$/.test(url.protocol) ? url.href : null;
}
