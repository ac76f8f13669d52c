import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { formatNumber } from '../../web/src/format/number.ts';
import { ask, daysAgo, ingest } from './explorer-api.ts';
import { useStage } from './explorer-stage.ts';

const { range, createdAt } = daysAgo(6);

describe('The facets', { timeout: 40_000 }, () => {
  const stage = useStage();

  const facetOf = (page: Page, name: string) =>
    page.getByRole('complementary', { name: 'Facets' }).getByRole('region', { name, exact: true });
  /** The button of a value, whose name ends with its count. */
  const valueButton = (page: Page, facet: string, value: string) =>
    facetOf(page, facet).getByRole('button', { name: new RegExp(`^${RegExp.escape(value)}( [\\d,]+)?$`) });
  const queryOf = (page: Page) => new URL(page.url()).searchParams.get('q') ?? '';
  const requests = (page: Page, count: number) =>
    page
      .getByRole('region', { name: 'Results' })
      .getByText(`${formatNumber(count)} requests`, { exact: true });
  const countsOf = async (dimension: string, filter: object, top = 100) => {
    const { requestLogStats } = await ask<{
      requestLogStats: {
        groups: { nodes: { key: { value: string | null }[]; measures: { count: number } }[] };
      };
    }>(
      stage.server,
      `query ($filter: RequestLogFilter, $by: [RequestLogDimension!]!, $top: Int!) {
        requestLogStats(filter: $filter) { groups(by: $by, top: $top) { nodes { key { value } measures { count } } } } }`,
      { filter, by: [dimension], top },
    );
    return requestLogStats.groups.nodes.map(
      ({ key, measures }) => [key[0]!.value ?? 'none', measures.count] as const,
    );
  };
  const countOf = async (filter: object) =>
    (
      await ask<{ requestLogs: { totalCount: number } }>(
        stage.server,
        'query ($filter: RequestLogFilter) { requestLogs(filter: $filter) { totalCount } }',
        { filter: { and: [filter, { createdAt }] } },
      )
    ).requestLogs.totalCount;

  it('list the values and the counts that the API counts', async () => {
    const page = await stage.open(range);
    for (const [name, dimension, top] of [
      ['Route', 'ROUTE_PATTERN', 8],
      ['Method', 'METHOD', 8],
      ['Consumer', 'CONSUMER_ID', 8],
      ['API key', 'API_KEY_ID', 8],
      ['Error type', 'ERROR_TYPE', 8],
      ['Service', 'SERVICE', 8],
    ] as const) {
      const facet = facetOf(page, name);
      await facet.getByRole('listitem').first().waitFor();
      const rows = await facet.getByRole('listitem').allInnerTexts();
      const counts = await countsOf(dimension, { createdAt }, top);
      expect(
        rows.map((row) => row.split('\n')),
        name,
      ).toEqual(counts.map(([value, count]) => [value, formatNumber(count)]));
      // What a screen reader says.
      await valueButton(page, name, counts[0]![0]).waitFor();
    }
    const codes = await countsOf('STATUS_CODE', { createdAt });
    const classes = await countsOf('STATUS_CLASS', { createdAt });
    const rows = await facetOf(page, 'Status').getByRole('listitem').allInnerTexts();
    expect(rows.map((row) => row.split('\n'))).toEqual(
      classes
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .flatMap((one) => [one, ...codes.filter(([code]) => code[0] === one[0][0])])
        .map(([value, count]) => [value, formatNumber(count)]),
    );
  });

  it('a click includes a value, a second one of the same field includes it too, and a third takes one away', async () => {
    const page = await stage.open(range);
    await valueButton(page, 'Method', 'POST').click();
    await requests(page, await countOf({ method: { eq: 'POST' } })).waitFor();
    expect(queryOf(page)).toBe('method:POST');
    // Other facets count what is left, this one what could be chosen.
    const [service, count] = (await countsOf('SERVICE', { method: { eq: 'POST' }, createdAt }))[0]!;
    await facetOf(page, 'Service')
      .getByRole('button', { name: `${service} ${count}`, exact: true })
      .waitFor();
    await valueButton(page, 'Method', 'DELETE').click();
    await requests(page, await countOf({ method: { in: ['POST', 'DELETE'] } })).waitFor();
    expect(queryOf(page)).toBe('method:POST,DELETE');
    await page.getByRole('list', { name: 'Conditions' }).getByText('method is POST, DELETE').waitFor();

    await valueButton(page, 'Method', 'POST').click();
    await requests(page, await countOf({ method: { eq: 'DELETE' } })).waitFor();
    await facetOf(page, 'Method').getByRole('button', { name: 'Clear Method' }).click();
    await requests(page, await countOf({})).waitFor();
    expect(queryOf(page)).toBe('');
    await page.goBack();
    await requests(page, await countOf({ method: { eq: 'DELETE' } })).waitFor();
    expect(await valueButton(page, 'Method', 'DELETE').getAttribute('aria-pressed')).toBe('true');
  });

  it('Alt-click excludes a value, and another one takes the condition away', async () => {
    const page = await stage.open(range);
    await valueButton(page, 'Status', '2xx').click({ modifiers: ['Alt'] });
    await requests(page, await countOf({ statusClass: { ne: '2xx' } })).waitFor();
    expect(queryOf(page)).toBe('-status:2xx');
    await valueButton(page, 'Status', '404').click({ modifiers: ['Alt'] });
    await requests(page, await countOf({ statusClass: { ne: '2xx' }, statusCode: { ne: 404 } })).waitFor();
    await valueButton(page, 'Status', '2xx').click({ modifiers: ['Alt'] });
    await requests(page, await countOf({ statusCode: { ne: 404 } })).waitFor();
    expect(queryOf(page)).toBe('-status:404');
  });

  it('a value is excluded by the keyboard', async () => {
    const page = await stage.open(range);
    await valueButton(page, 'Consumer', 'cus_harbor').focus();
    await page.keyboard.press('Tab');
    const exclude = facetOf(page, 'Consumer').getByRole('button', { name: 'Exclude cus_harbor' });
    expect(await exclude.and(page.locator(':focus')).isVisible()).toBe(true);
    await page.keyboard.press('Enter');
    await requests(page, await countOf({ consumerId: { ne: 'cus_harbor' } })).waitFor();
    expect(queryOf(page)).toBe('-consumer:cus_harbor');
    expect(await exclude.getAttribute('aria-pressed')).toBe('true');
    // The focus stays, so that the same key takes it away.
    await page.keyboard.press('Enter');
    await requests(page, await countOf({})).waitFor();
  });

  it('a value that is missing can be chosen', async () => {
    const page = await stage.open(range);
    await valueButton(page, 'Error type', 'none').click();
    await requests(page, await countOf({ errorType: { eq: null } })).waitFor();
    expect(queryOf(page)).toBe('error:none');
  });

  it('a facet with many values shows more of them and searches them', async () => {
    const things = Array.from({ length: 60 }, (_, n) => ({
      createdAt: Date.now() - 60_000,
      routePattern: `/v1/things/${n}`,
    }));
    await ingest(stage.server, things);
    const page = await stage.open(range);
    const facet = facetOf(page, 'Route');
    await expect.poll(() => facet.getByRole('listitem').count()).toBe(8);
    await facet.getByRole('button', { name: 'Show more routes' }).click();
    await facet.getByText('50 of 66 values. Search for the others.').waitFor();
    expect(await facet.getByRole('listitem').count()).toBe(50);
    await facet.getByRole('searchbox', { name: 'Search routes' }).fill('THINGS/5');
    await expect.poll(() => facet.getByRole('listitem').count()).toBe(11);
    await valueButton(page, 'Route', '/v1/things/59').click();
    await page.getByRole('region', { name: 'Results' }).getByText('1 request', { exact: true }).waitFor();
    await facet.getByRole('searchbox').fill('no route has this');
    await facet.getByText('No value contains this text').waitFor();
    await facet.getByRole('button', { name: 'Show fewer routes' }).click();
    // The value that is chosen stays in the list.
    await expect.poll(() => facet.getByRole('listitem').count()).toBe(9);
  });

  it('a facet that was closed stays closed', async () => {
    const page = await stage.open(range);
    const title = facetOf(page, 'Consumer').getByRole('button', { name: 'Consumer', exact: true });
    await title.click();
    await expect.poll(() => facetOf(page, 'Consumer').getByRole('listitem').count()).toBe(0);
    await page.reload();
    await valueButton(page, 'Method', 'GET').waitFor();
    expect(await title.getAttribute('aria-expanded')).toBe('false');
  });

  it.each([899, 375])('are in a dialog on a screen of %i pixels', async (width) => {
    const page = await stage.open(range);
    await page.setViewportSize({ width, height: 800 });
    await page.getByRole('complementary', { name: 'Facets' }).waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Facets' }).click();
    const dialog = page.getByRole('dialog', { name: 'Facets' });
    await dialog.getByRole('button', { name: /^GET/ }).click();
    await dialog.getByRole('button', { name: /^GET/, pressed: true }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await requests(page, await countOf({ method: { eq: 'GET' } })).waitFor();
  });
});
