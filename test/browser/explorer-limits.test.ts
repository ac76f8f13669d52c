import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../src/lib/time-units.ts';
import { type Serving, serving, workFolder } from '../support/cli.ts';
import { complaintsOf, openBrowser } from './browser.ts';
import { filterInput, openExplorer, resultCount, rows } from './explorer.ts';

const TIMEOUT = { timeout: 25_000 };
/** A question costs about 4,000. */
const SMALL_LIMITS = { RELAYLOG_GRAPHQL_BURST_COST: '10000', RELAYLOG_GRAPHQL_COST_PER_SECOND: '1000' };

describe('the limits of the explorer', () => {
  const folder = workFolder();
  let server: Serving;
  let browser: Browser;
  beforeAll(async () => {
    server = await serving({ folder });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  const notice = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text });
  const ask = async (page: Page, text: string) => {
    await filterInput(page).fill(text);
    await page.keyboard.press('Enter');
  };
  const isOperation = (request: Request, name: string) => request.postDataJSON()?.operationName === name;

  it('rate limit: it waits, says so, and goes on by itself with the last question only', async () => {
    const limited = await serving({ folder: workFolder(), environment: SMALL_LIMITS });
    try {
      const page = await openExplorer(browser, limited);
      const complaints = complaintsOf(page);
      for (const text of ['status:2xx', 'status:3xx', 'status:4xx', 'status:5xx']) await ask(page, text);
      const waits = notice(page, 'The rate limit of this organization is reached.');
      await waits.filter({ hasText: /The page goes on in \d+ s\./ }).waitFor();
      await page.getByRole('button', { name: 'Try now' }).waitFor();
      await ask(page, 'status:504');
      await page.getByRole('button', { name: 'Remove status is 504' }).waitFor();
      // The chip shows what is typed; the URL, what is asked.
      await page.waitForURL((url) => url.searchParams.get('q') === 'status:504');
      const superseded: string[] = [];
      page.on('request', (request) => {
        const body = request.postData() ?? '';
        if (/"filter":.*statusClass/.test(body)) superseded.push(body);
      });
      await waits.waitFor({ state: 'hidden', timeout: 30_000 });
      await expect
        .poll(async () => {
          const texts = await rows(page).allInnerTexts();
          return texts.length > 0 && texts.every((text) => /\b504\b/.test(text));
        }, TIMEOUT)
        .toBe(true);
      // One may be on its way when the question changes.
      expect(superseded.length).toBeLessThanOrEqual(1);
      // Chromium itself reports the 429.
      expect(complaints.length).toBeGreaterThan(0);
      for (const complaint of complaints) expect(complaint).toContain('status of 429');
    } finally {
      await limited.stop();
    }
  });

  it('server away: it says so, keeps what it shows, and recovers by itself', async () => {
    const ownFolder = workFolder();
    const first = await serving({ folder: ownFolder });
    const page = await openExplorer(browser, first);
    const before = await resultCount(page).innerText();
    await first.stop();
    await ask(page, 'status:5xx');
    const away = notice(page, 'The server cannot be reached.');
    await away.filter({ hasText: /Trying again/ }).waitFor();
    // The answer to the question before.
    expect(await resultCount(page).innerText()).toBe(before);
    const second = await serving({ folder: ownFolder, environment: { PORT: new URL(first.url).port } });
    try {
      await away.waitFor({ state: 'hidden' });
      await expect.poll(() => resultCount(page).innerText(), TIMEOUT).not.toBe(before);
      await expect.poll(() => rows(page).first().innerText(), TIMEOUT).toMatch(/\b5\d\d\b/);
      for (const complaint of complaintsOf(page)) expect(complaint).toContain('ERR_CONNECTION_REFUSED');
    } finally {
      await second.stop();
    }
  });

  it('log store away: it says so, and "Try now" asks at once', async () => {
    const page = await openExplorer(browser, server);
    const error = {
      message: 'The log store is not available. Try again later.',
      extensions: { code: 'UNAVAILABLE' },
    };
    await page.route('**/graphql', (route) =>
      route.fulfill({ status: 503, headers: { 'Retry-After': '60' }, json: { errors: [error] } }),
    );
    await page.getByRole('button', { name: 'Refresh' }).click();
    const away = notice(page, 'The log store is not available.');
    await away.filter({ hasText: /Trying again in (60|5\d) s\./ }).waitFor();
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Try now' }).click();
    await away.waitFor({ state: 'hidden' });
    await page.getByRole('main').and(page.locator('[aria-busy=false]')).waitFor();
    for (const complaint of complaintsOf(page)) expect(complaint).toContain('status of 503');
  });

  it.each([
    ['behind', -3 * HOUR_MS, '3 hours behind'],
    ['ahead', 20 * MINUTE_MS, '20 minutes ahead of'],
  ])('a clock that is %s: it says so, and relative ranges follow the server', async (_, shift, words) => {
    const right = await openExplorer(browser, server, 'range=24h');
    const page = await openExplorer(browser, server, 'range=24h', {
      prepare: (blank) =>
        blank.addInitScript((milliseconds) => {
          const RealDate = Date;
          const now = () => RealDate.now() + milliseconds;
          globalThis.Date = new Proxy(RealDate, {
            construct: (target, args) =>
              args.length === 0 ? new target(now()) : Reflect.construct(target, args),
            get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
          });
        }, shift),
    });
    await notice(page, `The clock of this computer is ${words} the server’s.`).waitFor();
    const asked = page.waitForRequest((request) => isOperation(request, 'LogTableQuery'));
    await page.getByRole('button', { name: 'Refresh' }).click();
    const { filter } = (await asked).postDataJSON().variables;
    expect(Math.abs(Date.parse(filter.createdAt.gte) - (Date.now() - 24 * HOUR_MS))).toBeLessThan(MINUTE_MS);
    const countOf = async (one: Page) =>
      Number((await resultCount(one).innerText()).replaceAll(/[^\d]/g, ''));
    const expected = await countOf(right);
    await expect.poll(async () => Math.abs((await countOf(page)) - expected), TIMEOUT).toBeLessThan(5);
    expect(await notice(right, 'The clock of this computer').count()).toBe(0);
    expect([...complaintsOf(page), ...complaintsOf(right)]).toEqual([]);
  });

  it('a search that stopped: it says how far it got, and goes on', async () => {
    const READ = 40;
    let searchedTo = '';
    const page = await openExplorer(browser, server, 'tz=UTC&range=30d', {
      prepare: (blank) =>
        blank.route('**/graphql', async (route) => {
          if (!isOperation(route.request(), 'LogTableQuery')) return route.fallback();
          const response = await route.fetch();
          const answer = await response.json();
          const { edges, pageInfo } = answer.data.requestLogs;
          edges.splice(READ);
          searchedTo = edges.at(-1).node.createdAt;
          answer.data.requestLogs.searchedTo = searchedTo;
          Object.assign(pageInfo, { hasNextPage: true, endCursor: edges.at(-1).cursor });
          return route.fulfill({ response, json: answer });
        }),
    });
    const grid = page.getByRole('grid', { name: 'Requests' });
    const end = page.getByText(/Searched down to \d\d \w+ \d{4}, \d\d:\d\d\./);
    await end.scrollIntoViewIfNeeded();
    expect(await end.innerText()).toContain(searchedTo.slice(11, 16));
    await grid.getByRole('button', { name: 'Go on' }).click();
    await end.waitFor({ state: 'hidden' });
    await grid.focus();
    await page.keyboard.press('Shift+G');
    await expect
      .poll(async () => Number(await rows(page).last().getAttribute('aria-rowindex')), TIMEOUT)
      .toBeGreaterThan(READ + 2);
    expect(complaintsOf(page)).toEqual([]);
  });

  it('the accuracy of percentiles is said', async () => {
    const page = await openExplorer(browser, server);
    const figure = page
      .getByRole('region', { name: 'Histogram' })
      .getByTitle('Percentiles differ from the exact values by at most 1%.');
    await figure.first().waitFor();
    expect(await figure.first().innerText()).toBe('±1%');
  });

  it('a page that does not arrive says so', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.route('**/assets/start.*', (route) => route.abort());
    await page.goto(server.url);
    await page.getByText('The page could not be loaded. Reload it to try again.').waitFor();
    await page.unroute('**/assets/start.*');
    await page.reload();
    await page.getByLabel('API key or JSON Web Token').waitFor();
  });

  it('a part of the page that does not arrive can be loaded again', async () => {
    const page = await openExplorer(browser, server);
    const complaints = complaintsOf(page);
    await page.route('**/assets/{range-panel,errors-view}*.js', (route) => route.abort());
    await page.getByRole('button', { name: 'Errors' }).click();
    await page.getByText('The result could not be loaded').waitFor();
    await page.getByRole('button', { name: /^Time range:/ }).click();
    await page.getByText('The choice of ranges could not be loaded').waitFor();
    await page.unroute('**/assets/{range-panel,errors-view}*.js');
    // The page is loaded again; its state is the URL.
    await page
      .getByRole('alert')
      .filter({ hasText: 'ranges' })
      .getByRole('button', { name: 'Try again' })
      .click();
    await page.getByText('search_timeout').first().waitFor();
    await page.getByRole('button', { name: /^Time range:/ }).click();
    await page.getByRole('button', { name: 'Last 30 days' }).waitFor();
    for (const complaint of complaints) expect(complaint).toMatch(/ERR_FAILED|could not be loaded/);
  });
});
