/**
 * Reads all pages of a REST list by following its cursors.
 *
 * @param page reads one page; its argument is the cursor parameter to append to the URL, empty for the first page.
 * @throws Error if the list does not end within `maxPages` pages.
 */
export async function walk<Row>(
  page: (cursorParameter: string) => Promise<{ rows: Row[]; cursor: string | null }>,
  maxPages: number,
): Promise<Row[]> {
  const all: Row[] = [];
  let parameter = '';
  for (let i = 0; i < maxPages; i++) {
    const { rows, cursor } = await page(parameter);
    all.push(...rows);
    if (cursor === null) return all;
    parameter = `&cursor=${cursor}`;
  }
  throw new Error(`The walk did not end within ${maxPages} pages`);
}
