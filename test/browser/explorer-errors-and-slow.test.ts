import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../web/src/format/duration.ts';
import { formatNumber } from '../../web/src/format/number.ts';
import { ask, daysAgo } from './explorer-api.ts';
import { useStage } from './explorer-stage.ts';

const HOUR_MS = 3_600_000;
const { range, createdAt } = daysAgo(6);
/** The hour of the incident in the demo logs. */
const INCIDENT = Date.parse(daysAgo(2).createdAt.gte) + 14 * HOUR_MS;

describe('The views of errors and slow routes', { timeout: 40_000 }, () => {
  const stage = useStage();

  const view = (page: Page, name: string) =>
    page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name }).click();
  const resultsOf = (page: Page) => page.getByRole('region', { name: 'Results' });
  const rowsOf = (page: Page, table: string) =>
    page
      .getByRole('table', { name: table })
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader') });
  /** The texts of the cells of a row. */
  const cellsOf = async (page: Page, table: string, row: number) =>
    (await rowsOf(page, table).nth(row).locator('th, td').allInnerTexts()).map((text) =>
      text.replaceAll(/\s+/g, ' '),
    );
  const groupsOf = async (filter: object, by: string[], measure: string) =>
    (
      await ask<{ requestLogStats: { groups: { nodes: Group[] } } }>(
        stage.server,
        `query ($filter: RequestLogFilter, $by: [RequestLogDimension!]!, $measure: RequestLogMeasure!) {
          requestLogStats(filter: $filter) { groups(by: $by, top: 50, orderBy: { measure: $measure, direction: DESC }) {
            nodes { key { value } filter sampleRequestLog { requestId }
              measures { count durationMs { p50 p95 sum } } } } } }`,
        { filter, by, measure },
      )
    ).requestLogStats.groups.nodes;

  it('the errors that happen most are first, with what the API counts', async () => {
    const page = await stage.open(`view=errors&${range}`);
    const filter = { statusClass: { in: ['4xx', '5xx'] }, createdAt };
    const groups = await groupsOf(filter, ['ROUTE_PATTERN', 'STATUS_CODE', 'ERROR_TYPE'], 'COUNT');
    await expect.poll(() => rowsOf(page, 'Errors in groups').count()).toBe(groups.length);
    const rows = await rowsOf(page, 'Errors in groups').allInnerTexts();
    for (const [index, { key, measures }] of groups.entries()) {
      const [route, status, type] = key.map(({ value }) => value);
      expect(rows[index]!.replaceAll(/\s+/g, ' ')).toMatch(
        new RegExp(
          `^${status} ${RegExp.escape(route ?? 'no route')} ${RegExp.escape(type ?? 'no error type')}.*`,
        ),
      );
      expect(rows[index]!.replaceAll(/\s+/g, ' ')).toContain(` ${formatNumber(measures.count)} `);
    }
    expect(groups[0]!.key.map(({ value }) => value)).toEqual(['/v1/trademarks', '504', 'search_timeout']);
  });

  it('a group opens exactly its requests, and its sample opens the newest one', async () => {
    const page = await stage.open(`view=errors&${range}`);
    const filter = { statusClass: { in: ['4xx', '5xx'] }, createdAt };
    const [, group] = await groupsOf(filter, ['ROUTE_PATTERN', 'STATUS_CODE', 'ERROR_TYPE'], 'COUNT');
    const row = rowsOf(page, 'Errors in groups').nth(1);
    await row.getByRole('button', { name: group!.sampleRequestLog.requestId }).click();
    const detail = page.getByRole('region', { name: `Request ${group!.sampleRequestLog.requestId}` });
    await detail.getByText('Response headers').waitFor();
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'hidden' });

    const route = group!.key[0]!.value!;
    const asked: string[] = [];
    page.on('request', (request) => {
      const body = request.postData() ?? '';
      if (body.includes('"LogTableQuery"')) asked.push(body);
    });
    await row.getByRole('button', { name: route }).click();
    await resultsOf(page)
      .getByText(`${formatNumber(group!.measures.count)} requests`, { exact: true })
      .waitFor();
    const [first] = await page
      .getByRole('grid')
      .getByRole('row')
      .nth(1)
      .getByRole('gridcell')
      .allInnerTexts();
    expect(first).not.toBe('');
    // The rows of the question before are not asked for.
    expect(asked).toEqual([expect.stringContaining(route)]);
    await page.getByRole('list', { name: 'Conditions' }).getByText(`route is ${route}`).waitFor();
    await page.goBack();
    await row.waitFor();
  });

  it('errors are grouped, chosen and sorted in other ways', async () => {
    const page = await stage.open(`view=errors&${range}`);
    const first = rowsOf(page, 'Errors in groups').first();
    await page.getByRole('radio', { name: 'Client errors' }).check();
    const [client] = await groupsOf(
      { statusClass: { eq: '4xx' }, createdAt },
      ['ROUTE_PATTERN', 'STATUS_CODE', 'ERROR_TYPE'],
      'COUNT',
    );
    await first.getByText(client!.key[1]!.value!, { exact: true }).waitFor();
    await page.getByRole('radio', { name: 'Server errors' }).check();
    await page.getByRole('combobox', { name: 'Group by' }).selectOption('Route');
    await first.getByRole('button', { name: '/v1/trademarks' }).waitFor();
    await page.getByRole('combobox', { name: 'Order' }).selectOption('Most affected');
    await page.getByRole('combobox', { name: 'Order' }).selectOption('Last seen');
    const chosen = () => {
      const { searchParams } = new URL(page.url());
      return ['errors', 'group', 'order'].map((name) => searchParams.get(name));
    };
    await expect.poll(chosen).toEqual(['server', 'route', 'last']);
    await page.reload();
    await first.waitFor();
    expect(await page.getByRole('radio', { name: 'Server errors' }).isChecked()).toBe(true);
  });

  it('slow routes are sorted by their 95th percentile, or by the time that was spent in them', async () => {
    const page = await stage.open(`view=slow&${range}`);
    for (const [label, measure] of [
      ['95th percentile', 'DURATION_P95'],
      ['Time spent', 'DURATION_SUM'],
    ] as const) {
      await page.getByRole('radio', { name: label }).check();
      const groups = await groupsOf({ createdAt }, ['METHOD', 'ROUTE_PATTERN'], measure);
      const names = groups.map(({ key: [method, route] }) => `${method!.value} ${route!.value}`);
      const shown = async () =>
        (await rowsOf(page, 'Routes by duration').getByRole('rowheader').allInnerTexts()).map((text) =>
          text.replaceAll(/\s+/g, ' '),
        );
      await expect.poll(shown, { timeout: 15_000 }).toEqual(names);
      const [, count, p50, p95, , , , spent] = await cellsOf(page, 'Routes by duration', 0);
      const { measures } = groups[0]!;
      expect([count, p50, p95]).toEqual([
        formatNumber(measures.count),
        formatDuration(measures.durationMs.p50),
        formatDuration(measures.durationMs.p95),
      ]);
      expect(spent).toContain(formatDuration(measures.durationMs.sum));
    }
  });

  // docs/explorer.md promises what is asserted here.
  it('a newcomer finds the incident of the demo logs in seven steps', async () => {
    const page = await stage.open();
    const chart = page.getByRole('slider', { name: 'Requests over time' });
    const detail = page.getByRole('region', { name: /^Request req_/ });

    // 1. Look at the histogram.
    await chart.waitFor();
    const { x, y, width } = (await chart.boundingBox())!;
    const end = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS;
    const bars = Number(await chart.getAttribute('aria-valuemax'));
    const xOf = (time: number) => x + (width * (time - end + bars * HOUR_MS)) / (bars * HOUR_MS);
    const lookAt = async (time: number) => {
      await page.mouse.move(xOf(time), y + 30);
      const text = (await chart.getAttribute('aria-valuetext'))!;
      const [, requests, errors, p95] =
        /: ([\d,]+) requests(?:.* (\d+) with 5xx)?.* 95th percentile (.*)$/.exec(text)!;
      return { requests: Number(requests), errors: Number(errors ?? 0), p95 };
    };
    const bar = await lookAt(INCIDENT + HOUR_MS / 2);
    const neighbours = await Promise.all([
      await lookAt(INCIDENT - HOUR_MS / 2),
      await lookAt(INCIDENT + 1.5 * HOUR_MS),
    ]);
    expect(
      neighbours.every(({ requests }) => bar.requests > 6 * requests),
      JSON.stringify([bar, neighbours]),
    ).toBe(true);
    expect(bar.errors).toBeGreaterThan(bar.requests / 3);
    expect(bar.p95).toMatch(/^5\.\d\d s$/);

    // 2. Drag over that bar.
    await page.mouse.move(xOf(INCIDENT + HOUR_MS * 0.1), y + 30);
    await page.mouse.down();
    await page.mouse.move(xOf(INCIDENT + HOUR_MS * 0.9), y + 30, { steps: 3 });
    await page.mouse.up();
    const iso = (time: number) => new Date(time).toISOString();
    const hour = `${iso(INCIDENT)}/${iso(INCIDENT + HOUR_MS)}`;
    await expect.poll(() => new URL(page.url()).searchParams.get('range')).toBe(hour);

    // 3. Open Errors.
    await view(page, 'Errors');
    await page
      .getByRole('row', { name: /search_timeout/ })
      .getByText('1 consumer', { exact: true })
      .waitFor();
    const [name, count] = await cellsOf(page, 'Errors in groups', 0);
    expect(name).toBe(
      '504 /v1/trademarks search_timeout The search was stopped after 5000 ms: q=* matches all 1204331 trademarks.',
    );
    expect(count).toMatch(/^84 /);
    const seen = rowsOf(page, 'Errors in groups').first().getByRole('cell').nth(4);
    await seen.getByTitle(/14:44:/).waitFor();
    await seen.getByTitle(/14:05:/).waitFor();
    // The title can be seen.
    await seen.getByTitle(/14:44:/).hover();

    // 4. Click the group.
    await page.getByRole('button', { name: '/v1/trademarks search_timeout' }).click();
    await resultsOf(page).getByText('84 requests', { exact: true }).waitFor();
    const conditions = page.getByRole('list', { name: 'Conditions' });
    for (const text of ['route is /v1/trademarks', 'status is 504', 'error is search_timeout'])
      await conditions.getByText(text).waitFor();
    const consumers = page.getByRole('region', { name: 'Consumer', exact: true }).getByRole('listitem');
    expect((await consumers.allInnerTexts()).map((text) => text.split('\n')[0])).toEqual(['cus_harbor']);

    // 5. Open one of them.
    await page
      .getByRole('grid')
      .getByRole('gridcell', { name: '/v1/trademarks?q=*&limit=100' })
      .first()
      .click();
    await detail.getByText('harbor-backend/4.3.0 (node 24)', { exact: true }).first().waitFor();
    await detail
      .getByRole('region', { name: 'Response as recorded' })
      .getByText(/The search was stopped/)
      .waitFor();
    await detail.getByRole('term').getByText('Trace id').waitFor();

    // 6. Show the requests of this consumer around this time.
    await detail.getByRole('button', { name: 'Requests of this consumer around this time' }).click();
    await conditions.getByText('consumer is cus_harbor').waitFor();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'User agent' }).check();
    await page.keyboard.press('Escape');
    const agents = page.getByRole('grid').getByRole('gridcell', { name: /harbor-backend/ });
    await agents.first().waitFor();
    const { filter } = {
      filter: {
        consumerId: { eq: 'cus_harbor' },
        createdAt: { gte: iso(INCIDENT), lt: iso(INCIDENT + HOUR_MS) },
      },
    };
    const { requestLogs } = await ask<{
      requestLogs: { nodes: { userAgent: string; path: string; statusCode: number }[] };
    }>(
      stage.server,
      'query ($filter: RequestLogFilter) { requestLogs(filter: $filter, first: 100) { nodes { userAgent path statusCode } } }',
      { filter },
    );
    const others = requestLogs.nodes.filter(({ path }) => !path.includes('q=*'));
    expect(others.length).toBeGreaterThan(0);
    expect(new Set(others.map(({ userAgent }) => userAgent))).toEqual(
      new Set(['harbor-backend/4.2.0 (node 24)']),
    );

    // 7. Remove the conditions, choose the last seven days again, and open Slow.
    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await page.getByRole('button', { name: /^Time range/ }).click();
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await view(page, 'Slow');
    await expect.poll(() => rowsOf(page, 'Routes by duration').count()).toBeGreaterThan(4);
    await expect
      .poll(async () => (await cellsOf(page, 'Routes by duration', 0))[0], { timeout: 15_000 })
      .toBe('GET /v1/trademarks');
    const read = page.getByRole('row', { name: 'GET /v1/trademarks/{id}' });
    const [, , p50, p95] = await read.locator('th, td').allInnerTexts();
    expect(Number.parseInt(p50!, 10)).toBeLessThanOrEqual(45);
    expect(p95).toMatch(/^1\.[34]\d s$/);
    await read.getByRole('button').click();
    await resultsOf(page)
      .getByRole('grid')
      .getByRole('gridcell', { name: /^\/v1\/trademarks\// })
      .first()
      .waitFor();
    const services = page.getByRole('region', { name: 'Service', exact: true }).getByRole('listitem');
    expect((await services.allInnerTexts()).map((text) => text.split('\n')[0])).toEqual(['search']);
  });
});

interface Group {
  readonly key: readonly { readonly value: string | null }[];
  readonly filter: unknown;
  readonly sampleRequestLog: { readonly requestId: string };
  readonly measures: {
    readonly count: number;
    readonly durationMs: { readonly p50: number; readonly p95: number; readonly sum: number };
  };
}
