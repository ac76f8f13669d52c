/** Follows the cursors of a REST list from its start to its end. */
export async function walk<Row>(
  page: (cursorParameter: string) => Promise<{ rows: Row[]; cursor: string | null }>,
  mostPages: number,
): Promise<Row[]> {
  const all: Row[] = [];
  let parameter = '';
  for (let i = 0; i < mostPages; i++) {
    const { rows, cursor } = await page(parameter);
    all.push(...rows);
    if (cursor === null) return all;
    parameter = `&cursor=${cursor}`;
  }
  throw new Error(`The walk did not end within ${mostPages} pages`);
}
