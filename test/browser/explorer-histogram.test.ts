import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../web/src/format/duration.ts';
import { formatNumber, formatPercent } from '../../web/src/format/number.ts';
import { ask, daysAgo, walk } from './explorer-api.ts';
import { useStage } from './explorer-stage.ts';

const { range, createdAt } = daysAgo(6);

describe('The histogram', { timeout: 40_000 }, () => {
  const stage = useStage();
  const panelOf = (page: Page) => page.getByRole('region', { name: 'Histogram' });
  const chartOf = (page: Page) => panelOf(page).getByRole('slider', { name: 'Requests over time' });
  const figuresOf = (page: Page) => panelOf(page).getByRole('definition');
  const total = (page: Page, count: number) =>
    figuresOf(page)
      .first()
      .getByText(new RegExp(`^${formatNumber(count)}$`))
      .waitFor();
  const rangeOf = (page: Page) => new URL(page.url()).searchParams.get('range')?.split('/') ?? [];
  const measure = async (filter: object): Promise<Measures> =>
    (await ask<{ requestLogStats: { measures: Measures } }>(stage.server, MEASURES, { filter }))
      .requestLogStats.measures;
  const zoomedTo = (page: Page) => {
    const [gte, lt] = rangeOf(page);
    return { createdAt: { gte, lt } };
  };

  it('shows the number of requests, the rates of errors and the percentiles that the API computes', async () => {
    const page = await stage.open(`q=route:/v1/trademarks&${range}`);
    const { count, serverErrorRate, clientErrorRate, durationMs } = await measure({
      and: [{ routePattern: { eq: '/v1/trademarks' } }, { createdAt }],
    });
    await total(page, count);
    expect(await figuresOf(page).allInnerTexts()).toEqual([
      formatNumber(count),
      formatPercent(serverErrorRate),
      formatPercent(clientErrorRate),
      formatDuration(durationMs.p50),
      formatDuration(durationMs.p95),
    ]);
  });

  it('zooms to the bars that are dragged over; Back zooms out', async () => {
    const page = await stage.open(range);
    const all = (await measure({ createdAt })).count;
    await total(page, all);
    const { x, y, width } = (await chartOf(page).boundingBox())!;
    await page.mouse.move(x + width * 0.3, y + 40);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.4, y + 60, { steps: 3 });
    await panelOf(page).getByText('Release to zoom in').waitFor();
    await page.mouse.up();
    await page.waitForURL((url) => !decodeURIComponent(url.search).includes(createdAt.gte));

    const [from, to] = rangeOf(page).map((time) => Date.parse(time));
    const day = 86_400_000;
    const start = Date.parse(createdAt.gte);
    // A bar is an hour.
    expect(Math.abs(from! - (start + 0.3 * 7 * day))).toBeLessThan(day / 12);
    expect(Math.abs(to! - (start + 0.4 * 7 * day))).toBeLessThan(day / 12);
    const { count } = await measure(zoomedTo(page));
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(all);
    await total(page, count);
    const [newest] = await walk(stage.server, zoomedTo(page), undefined, 1);
    await page.getByRole('grid').getByRole('gridcell', { name: '/v1/' }).first().click();
    await page.getByRole('region', { name: `Request ${newest}` }).waitFor();
    await page.goBack();

    await page.goBack();
    await total(page, all);
    expect(rangeOf(page)).toEqual([createdAt.gte, createdAt.lt]);
    await page.goForward();
    await total(page, count);
  });

  it('zooms out to twice the range, but not beyond the present', async () => {
    const { range, createdAt } = daysAgo(5, 4);
    const page = await stage.open(range);
    await total(page, (await measure({ createdAt })).count);
    await panelOf(page).getByRole('button', { name: 'Zoom out' }).click();
    const around = (hours: number, time: string) =>
      new Date(Date.parse(time) + hours * 3_600_000).toISOString();
    await expect.poll(() => rangeOf(page)).toEqual([around(-12, createdAt.gte), around(12, createdAt.lt)]);
    await total(page, (await measure(zoomedTo(page))).count);
    for (let i = 0; i < 3; i++) {
      const [from] = rangeOf(page);
      await panelOf(page).getByRole('button', { name: 'Zoom out' }).click();
      await page.waitForURL((url) => !decodeURIComponent(url.search).includes(from!));
      await total(page, (await measure(zoomedTo(page))).count);
    }
    expect(Date.parse(rangeOf(page)[1]!)).toBeLessThanOrEqual(Date.now());
  });

  it('is read and zoomed by the keyboard', async () => {
    const page = await stage.open(range);
    const chart = chartOf(page);
    await chart.waitFor();
    // The focus comes from the button before it.
    await panelOf(page).getByRole('button', { name: 'p95' }).focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Home');
    await page.keyboard.press('PageUp');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    expect(await chart.getAttribute('aria-valuenow')).toBe('11');
    const hour = (n: number) => new Date(Date.parse(createdAt.gte) + n * 3_600_000).toISOString();
    const bar = await measure({ createdAt: { gte: hour(10), lt: hour(11) } });
    expect(await chart.getAttribute('aria-valuetext')).toContain(`10:00–11:00: ${bar.count} requests`);

    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    const three = await measure({ createdAt: { gte: hour(10), lt: hour(13) } });
    expect(await chart.getAttribute('aria-valuetext')).toMatch(
      new RegExp(`^Selected .*10:00–13:00: ${three.count} requests`),
    );
    await page.keyboard.press('Enter');
    await expect.poll(() => rangeOf(page)).toEqual([hour(10), hour(13)]);
    await total(page, three.count);
  });

  it('compares with the period before', async () => {
    const { range, createdAt } = daysAgo(3, 0);
    const page = await stage.open(range);
    const now = await measure({ createdAt });
    await total(page, now.count);
    await panelOf(page).getByRole('switch', { name: 'Compare with the period before' }).click();
    const before = await measure({ createdAt: daysAgo(6, 3).createdAt });
    const change = panelOf(page).getByTitle(`${formatNumber(before.count)} in the period before`);
    const share = Math.abs(now.count - before.count) / before.count;
    const sign = now.count > before.count ? '+' : '−';
    const text = share < 0.1 ? formatPercent(share) : `${Math.round(share * 100)}%`;
    expect(await change.innerText()).toBe(sign + text);
    expect(new URL(page.url()).searchParams.get('compare')).toBe('true');
    await page.reload();
    await change.waitFor();
  });

  it('hides a class of status codes, and shows it again', async () => {
    const page = await stage.open(range);
    const legend = panelOf(page).getByRole('group', { name: 'Series of the chart' });
    const image = () =>
      panelOf(page)
        .locator('canvas')
        .evaluate((canvas) => (canvas as unknown as Canvas).toDataURL());
    await panelOf(page).locator('canvas').waitFor();
    await expect.poll(image).toMatch(/.{2000}/);
    const all = await image();
    await legend.getByRole('button', { name: '5xx', pressed: true }).click();
    await legend.getByRole('button', { name: '5xx', pressed: false }).waitFor();
    await expect.poll(image).not.toBe(all);
    await legend.getByRole('button', { name: '5xx', pressed: false }).click();
    await expect.poll(image).toBe(all);
  });

  it('is a table for those who do not see it', async () => {
    const page = await stage.open(range);
    await panelOf(page).getByRole('button', { name: 'Table' }).click();
    const table = panelOf(page).getByRole('table');
    const { requestLogStats } = await ask<{ requestLogStats: { buckets: { measures: Measures }[] } }>(
      stage.server,
      `query ($filter: RequestLogFilter) { requestLogStats(filter: $filter) { buckets(interval: HOUR) {
        measures { count serverErrorCount clientErrorCount durationMs { p95 } } } } }`,
      { filter: { createdAt } },
    );
    const rows = await table
      .getByRole('row')
      .evaluateAll((rows) =>
        rows.map((row: unknown) => [...(row as Row).cells].map(({ textContent }) => textContent)),
      );
    expect(rows[0]).toEqual(['Time', 'Requests', '2xx', '3xx', '4xx', '5xx', 'p95']);
    expect(
      rows.slice(1).map(([, count, , , client, serverErrors, p95]) => [count, client, serverErrors, p95]),
    ).toEqual(
      requestLogStats.buckets
        .toReversed()
        .map(({ measures: { count, clientErrorCount, serverErrorCount, durationMs } }) => [
          formatNumber(count),
          formatNumber(clientErrorCount),
          formatNumber(serverErrorCount),
          durationMs.p95 === null ? '–' : formatDuration(durationMs.p95),
        ]),
    );
  });

  it('says that a range is empty, and offers a longer one', async () => {
    const page = await stage.open(daysAgo(22, 21).range);
    await panelOf(page).getByText('No request in this range').waitFor();
    await panelOf(page).getByRole('button', { name: 'Show the last 30 days' }).click();
    await chartOf(page).waitFor();
    expect(new URL(page.url()).searchParams.get('range')).toBe('30d');
  });

  it('says when the newest request was if a range is empty, and shows it', async () => {
    const page = await stage.open(`${daysAgo(22, 21).range}&q=status:504`);
    await panelOf(page).getByText('The newest one is from').waitFor();
    await panelOf(page).getByRole('button', { name: 'Show the newest' }).click();
    const [newest] = await walk(stage.server, { statusCode: { eq: 504 } }, undefined, 1);
    const cell = page.getByRole('grid', { name: 'Requests' }).getByRole('row').nth(1);
    await expect.poll(() => cell.getAttribute('id')).toBe(`log-${newest}`);

    await page.goto(`${stage.server.url}/?${daysAgo(22, 21).range}&q=status:418`);
    await panelOf(page).getByText('There is none at any other time either.').waitFor();
  });
});

interface Measures {
  readonly count: number;
  readonly serverErrorCount: number;
  readonly clientErrorCount: number;
  readonly serverErrorRate: number;
  readonly clientErrorRate: number;
  readonly durationMs: { readonly p50: number; readonly p95: number };
}

const MEASURES = `query ($filter: RequestLogFilter) {
  requestLogStats(filter: $filter) {
    measures { count serverErrorRate clientErrorRate durationMs { p50 p95 } }
  }
}`;

interface Row {
  readonly cells: Iterable<{ readonly textContent: string }>;
}

interface Canvas {
  toDataURL(): string;
}
