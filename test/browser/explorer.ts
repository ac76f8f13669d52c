import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { Serving } from '../support/cli.ts';
import { complaintsOf } from './browser.ts';

/** The key that `serve --demo` prints. */
export function demoKeyOf(server: Serving): string {
  return /rlk_[\w-]{43}/.exec(server.out)![0];
}

interface OpenOptions extends BrowserContextOptions {
  /** Default: the key of the demo organization. */
  readonly key?: string;
  /** Called before the page is loaded. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/**
 * Opens the explorer in a context of its own with the clock of UTC, signed in. Its complaints are collected from the start.
 *
 * @param search parameters of the URL, such as `q=status:5xx`.
 */
export async function openExplorer(
  browser: Browser,
  server: Serving,
  search = '',
  { key = demoKeyOf(server), prepare, ...options }: OpenOptions = {},
): Promise<Page> {
  const viewport = { width: 1440, height: 900 };
  const page = await (await browser.newContext({ timezoneId: 'UTC', viewport, ...options })).newPage();
  page.setDefaultTimeout(20_000);
  complaintsOf(page);
  await prepare?.(page);
  await page.goto(`${server.url}/?${search.replace(/^\?/, '')}#key=${key}`);
  await page.getByRole('button', { name: /^Organization/ }).waitFor();
  return page;
}

/** How many requests match, as the page says it: `1,234 requests`. */
export function resultCount(page: Page): Locator {
  return page
    .getByRole('region', { name: 'Results' })
    .getByRole('status')
    .filter({ hasText: /^[\d,]+\+? requests?$/ });
}

/** The rows of the table that are on the screen, without its header and its end. */
export function rows(page: Page): Locator {
  return page
    .getByRole('grid', { name: 'Requests' })
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell').nth(1) });
}

/** The input of the filter bar. */
export function filterInput(page: Page): Locator {
  return page.getByRole('combobox', { name: 'Filter' });
}
