import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Serving, serving, workFolder } from '../support/cli.ts';
import { complaintsOf, openBrowser } from './browser.ts';

/** Milliseconds that a step may take on a slow machine. */
const STEP_MS = 15_000;
const MOST_STOPS = 250;

let server: Serving;
let browser: Browser;
beforeAll(async () => {
  server = await serving({ folder: workFolder() });
  browser = await openBrowser();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const demoKeyOf = () => /rlk_[\w-]{43}/.exec(server.out)![0];

async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    timezoneId: 'UTC',
    ...options,
  });
  context.setDefaultTimeout(STEP_MS);
  return context.newPage();
}

/** @param search parameters of the URL. */
async function openExplorer(page: Page, search = ''): Promise<void> {
  await page.goto(`${server.url}/?${search}#key=${demoKeyOf()}`);
  await page.getByRole('combobox', { name: 'Filter' }).waitFor();
  await page.getByRole('slider', { name: 'Requests over time' }).waitFor();
}

interface Stop {
  readonly name: string;
  /** Whether the element, or one that stands for it, shows that it has the focus. */
  readonly isVisible: boolean;
}

/** What Tab goes to, from the beginning of the page to its end. */
async function tabStops(page: Page): Promise<Stop[]> {
  const stops: Stop[] = [];
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  for (;;) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      if (element === document.body || element.dataset.seen !== undefined) return null;
      element.dataset.seen = '';
      const { labels } = element as HTMLInputElement;
      const name = element.ariaLabel ?? labels?.[0]?.textContent ?? element.textContent;
      // A hidden input has a switch or a label that stands for it; the row of a button has one outline.
      const candidates = [element, element.nextElementSibling, element.parentElement, element.closest('tr')];
      const { top, bottom, left, right } = element.getBoundingClientRect();
      const isOnScreen = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
      const hasOutline = candidates.some((one) => {
        if (one === null) return false;
        const { outlineStyle, outlineWidth } = getComputedStyle(one);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
      });
      return { name: name.trim(), isVisible: isOnScreen && hasOutline };
    });
    if (stop === null) return stops;
    stops.push(stop);
    expect(stops.length).toBeLessThan(MOST_STOPS);
  }
}

/** Presses Tab until the element with this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < MOST_STOPS; presses++) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(() => {
      const { ariaLabel, textContent } = document.activeElement as HTMLElement;
      return ariaLabel ?? textContent.trim();
    });
    if (found.startsWith(name)) return;
  }
  throw new Error(`Tab does not reach ${name}.`);
}

it('somebody without a mouse signs in, finds the request that failed, reads it and goes back', async () => {
  const page = await newPage();
  const complaints = complaintsOf(page);
  await page.goto(server.url);
  await page.getByLabel('API key or JSON Web Token').waitFor();
  // The form has the focus.
  await page.keyboard.type(demoKeyOf());
  await page.keyboard.press('Enter');
  await page.getByRole('row').nth(3).waitFor();

  await tabTo(page, 'Time range');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Last 30 days' }).waitFor();
  await tabTo(page, 'Last 30 days');
  await page.keyboard.press('Enter');
  await page.waitForURL(/range=30d/);

  await page.keyboard.press('/');
  await page.keyboard.type('sta');
  await page.getByRole('option', { name: /^status/ }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.type('504');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('84 requests').waitFor();

  await tabTo(page, 'Requests over time');
  expect(
    await page.getByRole('slider', { name: 'Requests over time' }).getAttribute('aria-valuetext'),
  ).toMatch(/\d/);
  await tabTo(page, 'Requests');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const request = page.getByRole('region', { name: /^Request req_demo/ });
  await request.getByRole('heading', { name: /504 GET/ }).waitFor();
  // It has the focus, so its first button is next.
  await page.keyboard.press('Tab');
  expect(await page.getByRole('button', { name: 'Copy link' }).evaluate((one) => one.matches(':focus'))).toBe(
    true,
  );
  const first = await request.getAttribute('aria-label');
  await page.keyboard.press('j');
  await page.waitForURL((url) => !first!.includes(url.searchParams.get('log')!));

  await page.keyboard.press('Escape');
  await request.waitFor({ state: 'detached' });
  expect(await page.getByRole('grid', { name: 'Requests' }).evaluate((grid) => grid.matches(':focus'))).toBe(
    true,
  );
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(complaints).toEqual([]);
});

it('Tab goes through everything in the order of the screen, and shows where it is', async () => {
  const page = await newPage();
  const complaints = complaintsOf(page);
  await openExplorer(page, new URLSearchParams({ q: 'status:5xx -method:POST' }).toString());
  await page.getByRole('row').nth(3).waitFor();
  await page.getByRole('button', { name: /^cus_harbor/ }).waitFor();
  const stops = await tabStops(page);
  expect(stops.filter(({ isVisible }) => !isVisible)).toEqual([]);
  const names = stops.map(({ name }) => name);
  const inOrder = [
    'Logs',
    'Slow',
    'Show the GraphQL',
    'Keyboard shortcuts',
    'Organization demo',
    'Filter',
    'Clear the filter',
    'Filter syntax',
    'Time range: Last 7 days',
    'Refresh',
    'status is 5xx',
    'Remove method is not POST',
    'Status',
    'Consumer',
    'Compare with the period before',
    'Zoom out',
    '5xx',
    'Requests over time',
    'Order',
    'Columns',
    'Requests',
  ];
  expect(names.filter((name) => inOrder.includes(name))).toEqual(inOrder);
  expect(complaints).toEqual([]);
});

it.each(['view=errors', 'view=slow', 'log=req_demo00000333'])(
  'every stop of Tab is visible in ?%s',
  async (search) => {
    const page = await newPage();
    await openExplorer(page, search);
    await page
      .getByRole('button', { name: /search_timeout|\/v1\/trademarks\/\{id\}|Copy as curl/ })
      .last()
      .waitFor();
    const stops = await tabStops(page);
    expect(stops.length).toBeGreaterThan(40);
    expect(stops.filter(({ isVisible }) => !isVisible)).toEqual([]);
  },
);

it('nothing moves for those who want reduced motion', async () => {
  const moving = async (reducedMotion: 'reduce' | 'no-preference') => {
    const page = await newPage({ reducedMotion });
    await openExplorer(page);
    await page.route('**/graphql', () => undefined);
    await page.goto(`${server.url}/`);
    await page.getByLabel('Loading requests').waitFor();
    return page.evaluate(
      () =>
        document
          .getAnimations()
          .filter(({ effect }) => Number(effect?.getComputedTiming().activeDuration) > 0).length,
    );
  };
  expect(await moving('no-preference')).toBeGreaterThan(0);
  expect(await moving('reduce')).toBe(0);
});

it('at 200% zoom the page needs no scrolling to the side, and requests are found and read', async () => {
  const page = await newPage({ viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 });
  const complaints = complaintsOf(page);
  await openExplorer(page, new URLSearchParams({ q: 'status:504 route:/v1/trademarks' }).toString());
  const grid = page.getByRole('grid', { name: 'Requests' });
  await grid.scrollIntoViewIfNeeded();
  const { y, height } = (await grid.boundingBox())!;
  expect(Math.min(450, y + height) - y).toBeGreaterThan(150);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(720);
  await page.getByRole('row', { name: /14:44:47/ }).click();
  await page.getByRole('heading', { name: /504 GET/ }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(720);
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: /^Time range/ }).click();
  await page.getByRole('button', { name: 'Apply range' }).scrollIntoViewIfNeeded();
  expect(complaints).toEqual([]);
});
