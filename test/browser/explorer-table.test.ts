import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../web/src/format/duration.ts';
import { formatNumber } from '../../web/src/format/number.ts';
import { ask, daysAgo, ingest, walk } from './explorer-api.ts';
import { useStage } from './explorer-stage.ts';

const { range, createdAt } = daysAgo(5);

describe('The table', { timeout: 40_000 }, () => {
  const stage = useStage();

  const gridOf = (page: Page) => page.getByRole('grid', { name: 'Requests' });
  /** The request ids on the screen and around it, in a table with this column only. */
  const shownIds = async (page: Page) =>
    (await gridOf(page).getByRole('gridcell', { name: /^req_/ }).allInnerTexts()) as readonly string[];
  const detailOf = (page: Page, id: string) => page.getByRole('region', { name: `Request ${id}` });
  const currentOf = (page: Page) => gridOf(page).getByRole('row', { selected: true });

  /** Scrolls down until there are no more requests, and returns the request ids in the order in which they were shown. */
  async function scrollToEnd(page: Page, onScreen?: () => Promise<void>): Promise<readonly string[]> {
    const ids = new Set<string>();
    const collect = async () => {
      for (const id of await shownIds(page)) ids.add(id);
    };
    const end = gridOf(page).getByText('No more requests');
    const grid = (await gridOf(page).boundingBox())!;
    await gridOf(page).getByRole('gridcell', { name: /^req_/ }).first().hover();
    for (;;) {
      await collect();
      const box = (await end.isVisible()) ? await end.boundingBox() : null;
      if (box !== null && box.y < grid.y + grid.height) return [...ids];
      await onScreen?.();
      await collect();
      await scroll(page, 600);
    }
  }

  /** Scrolls by the wheel, and waits for two frames: the rows that have scrolled in are there. */
  async function scroll(page: Page, pixels: number): Promise<void> {
    await page.mouse.wheel(0, pixels);
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  }

  it('shows every log exactly once while it is scrolled to the end', async () => {
    const expected = await walk(stage.server, { createdAt });
    expect(expected.length).toBeGreaterThan(1_400);
    const page = await stage.open(`${range}&cols=requestId`);
    expect(await scrollToEnd(page)).toEqual(expected);
    // No row stands twice on the screen.
    const last = await shownIds(page);
    expect(new Set(last).size).toBe(last.length);
    expect(await gridOf(page).getAttribute('aria-rowcount')).toBe(String(expected.length + 1));
  });

  it('sorts by time, duration and status in both directions', async () => {
    const page = await stage.open(`${range}&cols=requestId`);
    for (const [label, field, direction] of [
      ['Oldest first', 'CREATED_AT', 'ASC'],
      ['Slowest first', 'DURATION_MS', 'DESC'],
      ['Fastest first', 'DURATION_MS', 'ASC'],
      ['Highest status first', 'STATUS_CODE', 'DESC'],
      ['Lowest status first', 'STATUS_CODE', 'ASC'],
      ['Newest first', 'CREATED_AT', 'DESC'],
    ] as const) {
      await page.getByRole('combobox', { name: 'Order' }).selectOption(label);
      const first = await walk(stage.server, { createdAt }, { field, direction }, 20);
      await expect.poll(async () => (await shownIds(page)).slice(0, 20), { timeout: 15_000 }).toEqual(first);
    }
    await page.goBack();
    const lowest = await walk(stage.server, { createdAt }, { field: 'STATUS_CODE', direction: 'ASC' }, 20);
    await expect.poll(async () => (await shownIds(page)).slice(0, 20), { timeout: 15_000 }).toEqual(lowest);
  });

  it('sorts by a click on the name of a column', async () => {
    const page = await stage.open(range);
    const header = (name: string) => gridOf(page).getByRole('columnheader', { name });
    await header('Duration').getByRole('button', { name: 'Duration' }).click();
    const slowest = async (direction: string) => {
      const { requestLogs } = await ask<{ requestLogs: { nodes: { durationMs: number }[] } }>(
        stage.server,
        `query ($filter: RequestLogFilter, $sort: RequestLogSort) {
          requestLogs(filter: $filter, sort: $sort, first: 1) { nodes { durationMs } } }`,
        { filter: { createdAt }, sort: { field: 'DURATION_MS', direction } },
      );
      return formatDuration(requestLogs.nodes[0]!.durationMs);
    };
    const shown = () => gridOf(page).getByRole('row').nth(1).getByRole('gridcell').nth(4).innerText();
    await expect.poll(shown).toBe(await slowest('DESC'));
    expect(await header('Duration').getAttribute('aria-sort')).toBe('descending');
    expect(await header('Time').getAttribute('aria-sort')).toBe('none');
    expect(new URL(page.url()).searchParams.get('sort')).toBe('-duration_ms');
    await header('Duration').getByRole('button', { name: 'Duration' }).click();
    await expect.poll(shown).toBe(await slowest('ASC'));
    expect(await header('Duration').getAttribute('aria-sort')).toBe('ascending');
  });

  it('is used by the keyboard alone', async () => {
    const page = await stage.open(`${range}&cols=requestId`);
    const ids = await walk(stage.server, { createdAt });
    const current = () => currentOf(page).innerText();
    await gridOf(page).waitFor();
    await page.keyboard.press('j');
    await expect.poll(current).toBe(ids[0]);
    for (const key of ['j', 'j', 'ArrowDown', 'k']) await page.keyboard.press(key);
    await expect.poll(current).toBe(ids[2]);
    await page.keyboard.press('ArrowUp');
    await expect.poll(current).toBe(ids[1]);

    await page.keyboard.press('Enter');
    await detailOf(page, ids[1]!).getByText('Response headers').waitFor();
    // The detail follows.
    await page.keyboard.press('j');
    await detailOf(page, ids[2]!).getByText('Response headers').waitFor();
    await page.keyboard.press('Escape');
    await detailOf(page, ids[2]!).waitFor({ state: 'hidden' });
    await page.waitForURL((url) => !url.searchParams.has('log'));
    // The focus is back in the table.
    await page.keyboard.press('ArrowDown');
    await expect.poll(current).toBe(ids[3]);

    for (let i = 0; i < 40; i++) await page.keyboard.press('j');
    await expect.poll(current).toBe(ids[43]);
    await expect.poll(() => currentOf(page).isVisible()).toBe(true);
    const row = (await currentOf(page).boundingBox())!;
    const grid = (await gridOf(page).boundingBox())!;
    expect(row.y).toBeGreaterThan(grid.y);
    expect(row.y + row.height).toBeLessThanOrEqual(grid.y + grid.height);
    await page.keyboard.press('g');
    await expect.poll(current).toBe(ids[0]);
    await page.keyboard.press('G');
    // The next page comes, and G goes on.
    const toEnd = async () => {
      await page.keyboard.press('G');
      return current();
    };
    await expect.poll(toEnd, { timeout: 15_000 }).toBe(ids.at(-1));

    await page.keyboard.press('/');
    const filter = page.getByRole('combobox', { name: 'Filter' });
    expect(await filter.and(page.locator(':focus')).isVisible()).toBe(true);
    await page.keyboard.type('method:GET j?');
    expect(await filter.inputValue()).toBe('method:GET j?');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });

  it('lists its shortcuts in each view', async () => {
    const page = await stage.open(range);
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    for (const view of ['Errors', 'Slow', 'Logs']) {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: view }).click();
      await page.getByRole('region', { name: 'Results' }).getByRole('row').nth(1).waitFor();
      await page.keyboard.press('?');
      await dialog.getByText('Go to the filter').waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
    }
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    await dialog.waitFor();
  });

  it('says how many new logs there are, and shows them on top', async () => {
    const page = await stage.open('q=service:new-logs&cols=requestId');
    const log = (n: number, createdAt: number) => ({ requestId: `new${n}`, service: 'new-logs', createdAt });
    await page.getByText('No request matches').waitFor();
    const now = Date.now();
    const look = () => page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    const show = async (count: number) => {
      // As if the user came back to the tab.
      await look();
      await page.getByRole('button', { name: `${count} new` }).click();
      await page.getByRole('button', { name: `${count} new` }).waitFor({ state: 'hidden' });
    };
    await ingest(
      stage.server,
      [1, 2, 3].map((n) => log(n, now - 60_000 + n)),
    );
    await show(3);
    await expect.poll(() => shownIds(page)).toEqual(['req_new3', 'req_new2', 'req_new1']);
    await ingest(
      stage.server,
      [4, 5].map((n) => log(n, now - 50_000 + n)),
    );
    await show(2);
    const five = ['req_new5', 'req_new4', 'req_new3', 'req_new2', 'req_new1'];
    await expect.poll(() => shownIds(page)).toEqual(five);
    await page.getByText('5 requests', { exact: true }).waitFor();
    // Those that are older than the first row are not announced: they would not appear above it.
    await ingest(stage.server, [log(6, now - 55_000)]);
    await ingest(
      stage.server,
      Array.from({ length: 120 }, (_, n) => log(n + 7, now - 40_000 + n)),
    );
    await show(120);
    await expect.poll(async () => (await shownIds(page))[0]).toBe('req_new126');
    const all = await walk(stage.server, { service: { eq: 'new-logs' } });
    expect(await scrollToEnd(page)).toEqual(all);
  });

  it('goes on with a search that was stopped', async () => {
    const page = await stage.open('view=slow');
    let cut = 0;
    await page.route('**/graphql', async (route) => {
      const { operationName } = route.request().postDataJSON();
      if (!['LogTableQuery', 'useLogPagesQuery'].includes(operationName) || cut === 2)
        return route.continue();
      cut++;
      const response = await route.fetch();
      const answer = await response.json();
      const { requestLogs } = answer.data;
      requestLogs.edges.length = 30;
      requestLogs.searchedTo = requestLogs.edges[29].node.createdAt;
      requestLogs.pageInfo.hasNextPage = true;
      requestLogs.pageInfo.endCursor = requestLogs.edges[29].cursor;
      await route.fulfill({ response, json: answer });
    });
    const { range, createdAt } = daysAgo(3, 2);
    await page.goto(`${stage.server.url}/?${range}&cols=requestId`);
    const expected = await walk(stage.server, { createdAt });
    let stops = 0;
    const ids = await scrollToEnd(page, async () => {
      const goOn = gridOf(page).getByRole('button', { name: 'Go on' });
      if (!(await goOn.isVisible())) return;
      await gridOf(page)
        .getByText(/Searched down to \d\d \w{3} \d{4}, \d\d:\d\d/)
        .waitFor();
      await goOn.click();
      stops++;
      await goOn.waitFor({ state: 'hidden' });
    });
    expect(stops).toBe(2);
    expect(ids).toEqual(expected);
  });

  it('counts exactly if it is asked to', async () => {
    const createdAt = Date.now() - 9 * 86_400_000;
    const logs = Array.from({ length: 10_000 }, (_, n) => ({
      createdAt: createdAt + n,
      requestId: `many${n}`,
    }));
    await ingest(stage.server, logs);
    const page = await stage.open(daysAgo(10, 0).range);
    const results = page.getByRole('region', { name: 'Results' });
    await results.getByText('10,000+ requests').waitFor();
    await results.getByRole('button', { name: 'Count all' }).click();
    const { requestLogs } = await ask<{ requestLogs: { totalCount: number } }>(
      stage.server,
      'query ($filter: RequestLogFilter) { requestLogs(filter: $filter) { totalCount(exact: true) } }',
      { filter: { createdAt: daysAgo(10, 0).createdAt } },
    );
    expect(requestLogs.totalCount).toBeGreaterThan(10_000);
    await results.getByText(`${formatNumber(requestLogs.totalCount)} requests`, { exact: true }).waitFor();
  });
});
