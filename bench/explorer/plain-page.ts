import type { Page } from 'playwright-core';

/** Path at which `servePlainPage` answers. */
export const PLAIN_PAGE = '/plain';

/**
 * Answers `PLAIN_PAGE` with a page that shows the same rows without any library: a lower bound. It reads its key and its operation
 * from the fragment.
 */
export async function servePlainPage(page: Page): Promise<void> {
  await page.route(`**${PLAIN_PAGE}`, (route) => route.fulfill({ contentType: 'text/html', body: HTML }));
}

const HTML = `<!doctype html><html lang="en"><title>Rows</title><body><script>
const { key, query, variables } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
fetch('/graphql', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Authorization: 'Bearer ' + key },
  body: JSON.stringify({ query, variables }),
}).then((response) => response.json()).then(({ data }) => {
  for (const { node } of data.requestLogs.edges.slice(0, 40)) {
    const row = document.createElement('div');
    row.setAttribute('role', 'row');
    row.textContent = Object.values(node).join(' ');
    document.body.append(row);
  }
});
</script>`;
