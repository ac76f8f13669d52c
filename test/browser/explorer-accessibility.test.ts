import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relaylog, type Serving, serving, workFolder } from '../support/cli.ts';
import { complaintsOf, openBrowser } from './browser.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDE = { width: 1440, height: 900 } as const;
const NARROW = { width: 375, height: 780 } as const;
const KEY = /rlk_[\w-]{43}/;
/** Milliseconds that a step may take on a slow machine. */
const STEP_MS = 15_000;

let server: Serving;
let browser: Browser;
let demoKeyOf: string;
/** Without `logs:sensitive`. */
let supportKey: string;
beforeAll(async () => {
  const folder = workFolder();
  // The views of this file ask for more than the users of one organization.
  const environment = {
    RELAYLOG_GRAPHQL_COST_PER_SECOND: '1000000',
    RELAYLOG_GRAPHQL_BURST_COST: '1000000',
  };
  server = await serving({ folder, environment });
  demoKeyOf = KEY.exec(server.out)![0];
  const created = await relaylog(['keys', 'create', '--org', 'demo', '--scopes', 'logs:read'], { folder });
  supportKey = KEY.exec(created.out)![0];
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** A page that is signed in with a key, in a context of its own. Empty: it is not signed in. */
async function newPage(key: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: WIDE,
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(STEP_MS);
  const page = await context.newPage();
  await page.goto(`${server.url}/#key=${key}`);
  if (key !== '') await seeRows(page);
  return page;
}

interface View {
  /** Parameters of the URL. */
  readonly search?: string;
  /** Default: the demo key. */
  readonly key?: () => string;
  /** Answers requests to the API in place of the server. */
  readonly respond?: (route: Route) => unknown;
  /** Opens what the view is about, and waits for it. */
  readonly show: (page: Page, isNarrow: boolean) => Promise<unknown>;
  /** Whether the browser complains. */
  readonly fails?: true;
}

const search = (q: string) => new URLSearchParams({ q }).toString();
const seeRows = (page: Page) => page.getByRole('gridcell').first().waitFor();
const openFirstRow = async (page: Page) => {
  await seeRows(page);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Response headers' }).waitFor();
};
const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).click();

const VIEWS: Readonly<Record<string, View>> = {
  'the sign-in form': {
    key: () => '',
    show: (page) => page.getByLabel('API key or JSON Web Token').waitFor(),
  },
  'the logs': { show: seeRows },
  'the logs with conditions': {
    search: search('status:5xx route:/v1/trademarks duration:>500 -method:POST "v1"'),
    show: seeRows,
  },
  'a filter with mistakes': {
    search: search('foo:bar duration:abc status:5xx'),
    show: (page) => page.getByText('There is no field').waitFor(),
  },
  'a custom filter': {
    search: new URLSearchParams({ filter: '{"or":[{"statusCode":{"eq":504}}]}' }).toString(),
    show: (page) => page.getByText('Custom filter').waitFor(),
  },
  'suggestions of fields': {
    show: async (page) => {
      await page.getByRole('combobox', { name: 'Filter' }).fill('s');
      await page.getByRole('option', { name: /^status/ }).waitFor();
    },
  },
  'suggestions of values': {
    show: async (page) => {
      await page.getByRole('combobox', { name: 'Filter' }).pressSequentially('route:');
      await page.getByRole('option', { name: '/v1/trademarks' }).first().waitFor();
      await page.keyboard.press('ArrowDown');
    },
  },
  'the filter syntax': {
    show: async (page) => {
      await press('Filter syntax')(page);
      await page.getByText('status:5xx', { exact: true }).waitFor();
    },
  },
  'the time picker': {
    show: async (page) => {
      await press(/^Time range/)(page);
      await page.getByRole('button', { name: 'Apply range' }).waitFor();
    },
  },
  'the facets': {
    show: async (page, isNarrow) => {
      if (isNarrow) await press('Facets')(page);
      await page.getByRole('button', { name: /^cus_harbor/ }).waitFor();
    },
  },
  'the columns menu': {
    show: async (page, isNarrow) => {
      await seeRows(page);
      // Rows of narrow screens have no columns.
      if (isNarrow) return;
      await press('Columns')(page);
      await page.getByRole('checkbox', { name: 'Trace id' }).waitFor();
    },
  },
  'the histogram as a table': {
    show: async (page) => {
      await press('Table')(page);
      await page.getByRole('columnheader', { name: 'p95' }).waitFor();
    },
  },
  'a request': { search: search('status:504'), show: openFirstRow },
  'a request without its sensitive parts': {
    search: search('status:504'),
    key: () => supportKey,
    show: async (page) => {
      await seeRows(page);
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.getByText('Requires the scope logs:sensitive').first().waitFor();
    },
  },
  'the errors': {
    search: 'view=errors',
    show: (page) => page.getByText('The search was stopped').waitFor(),
  },
  'the slow routes': {
    search: 'view=slow',
    show: (page) =>
      page
        .getByRole('button', { name: /\/v1\/trademarks\/\{id\}/ })
        .last()
        .waitFor(),
  },
  'the GraphQL': {
    show: async (page) => {
      await seeRows(page);
      await press('Show the GraphQL')(page);
      await page.getByRole('button', { name: 'Copy query' }).waitFor();
    },
  },
  'the saved views': {
    show: async (page) => {
      await press('Saved views')(page);
      await page.getByText('Rate limited (429)').waitFor();
    },
  },
  'the shortcuts': {
    show: async (page) => {
      await seeRows(page);
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    },
  },
  'the account menu': {
    show: async (page) => {
      await press(/^Organization/)(page);
      await page.getByRole('radio', { name: 'Dark' }).waitFor();
    },
  },
  'the form of another organization': {
    show: async (page) => {
      await press(/^Organization/)(page);
      await press('Add an organization')(page);
      await page.getByRole('dialog', { name: 'Add an organization' }).waitFor();
    },
  },
  'an empty result': {
    search: search('status:418'),
    show: (page) => page.getByText('No request matches').waitFor(),
  },
  'a server that fails': {
    respond: (route) => route.fulfill({ status: 500, json: { errors: [{ message: 'Something failed.' }] } }),
    show: async (page) => {
      await page.getByText('The histogram could not be loaded').waitFor();
      await page.getByText('The result could not be loaded').waitFor();
    },
    fails: true,
  },
  'a server that has not answered yet': {
    respond: () => undefined,
    show: (page) => page.getByLabel('Loading requests').waitFor(),
  },
};

/** What axe objects to, with the elements. */
async function objectionsOf(page: Page, rules?: readonly string[]): Promise<string[]> {
  const violations = await page.evaluate(async (values) => {
    const { axe } = window as unknown as typeof globalThis & { axe: typeof import('axe-core') };
    const result = await axe.run(document, {
      ...(values && { runOnly: { type: 'rule', values: [...values] } }),
      resultTypes: ['violations'],
    });
    return result.violations;
  }, rules);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, any, all, none }) => `${id}: ${html} ${[...any, ...all, ...none][0]?.message ?? ''}`),
  );
}

describe.each([
  ['a wide screen', WIDE],
  ['a phone', NARROW],
] as const)('axe has no objection on %s', (_, viewport) => {
  let signedIn: Page;
  beforeAll(async () => {
    signedIn = await newPage(demoKeyOf, { viewport });
  });

  it.each(Object.entries(VIEWS))('to %s', async (_, { search = '', key, respond, show, fails }) => {
    const page = key === undefined ? signedIn : await newPage(key(), { viewport });
    const complaints = complaintsOf(page);
    // Those about the view before.
    complaints.splice(0);
    if (respond !== undefined) await page.route('**/graphql', respond);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(`${server.url}/?${search}`);
    await show(page, viewport === NARROW);
    await page.evaluate(AXE);
    expect(await objectionsOf(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await objectionsOf(page, ['color-contrast'])).toEqual([]);
    const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
    expect(scrollWidth).toBe(clientWidth);
    if (respond !== undefined) await page.unrouteAll();
    if (fails === undefined) expect(complaints).toEqual([]);
  });
});
