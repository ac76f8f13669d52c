import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from 'playwright-core';
import { newApiKey } from '../src/access/api-key.ts';
import { DAY_MS } from '../src/lib/time-units.ts';
import { openStore } from '../src/store/open-store.ts';
import { PLAIN_PAGE, servePlainPage } from './explorer/plain-page.ts';
import { droppedFrames } from './explorer/scroll.ts';
import { loadStore } from './stats/load.ts';
import { ORGANIZATION } from './stats/logs.ts';

/*
 * The explorer in Chromium, on a store with many logs over 30 days: the time from the navigation to the first rows, beside a page
 * that shows the same rows without a library; the bytes of the first load; dropped frames while 10,000 loaded rows are scrolled,
 * from the browser's own trace; and Lighthouse. Medians.
 *
 *   RELAYLOG_TEST_CHROMIUM=… node bench/explorer.ts [--logs 1000000] [--rounds 5] [--folder FOLDER]
 *
 * The folder keeps what was loaded for the next run; by default it is a temporary one.
 */
const { values } = parseArgs({
  options: {
    logs: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    folder: { type: 'string' },
  },
});
const logs = Number(values.logs);
const rounds = Number(values.rounds);
const executablePath = process.env.RELAYLOG_TEST_CHROMIUM;
if (executablePath === undefined) throw new Error('RELAYLOG_TEST_CHROMIUM must name a Chromium.');
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'relaylog-bench-'));
if (values.folder === undefined) process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
mkdirSync(folder, { recursive: true });

const SCROLLED_ROWS = 10_000;
const GRID = '[role="grid"]';
const ROW = '[role="row"]:has([role="gridcell"])';
const QUERY = `query Rows($filter: RequestLogFilter) { requestLogs(filter: $filter, first: 100) { edges { node {
  id createdAt method path statusCode durationMs consumerId errorType } } pageInfo { endCursor hasNextPage } } }`;

const middle = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;
const range = (all: readonly number[], digits = 0) =>
  `${Math.min(...all).toFixed(digits)} to ${Math.max(...all).toFixed(digits)}`;

const file = join(folder, `explorer-${logs}.db`);
const now = Date.now();
if (!existsSync(file)) await loadStore(file, logs, now - 30 * DAY_MS, 30 * DAY_MS);
const { key, record } = newApiKey(
  { organizationId: ORGANIZATION, scopes: ['logs:read'], expiresAt: null },
  now,
);
const store = await openStore(`sqlite:${file}`);
while (await store.rollUpStep(now));
await store.createKey(record);
await store.close();

const server = spawn(process.execPath, [join(import.meta.dirname, '../bin/relaylog.cjs'), 'serve'], {
  env: { ...process.env, PORT: '0', RELAYLOG_STORE_URL: `sqlite:${file}`, RELAYLOG_LOG_LEVEL: 'warn' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
process.on('exit', () => server.kill('SIGKILL'));
const [line] = await once(createInterface(server.stdout), 'line');
const url = /http:\/\/[\w.:]+/.exec(line)![0];

/** Milliseconds from the navigation to the first row. */
async function firstRow(browser: Browser, address: string): Promise<number> {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await servePlainPage(page);
  await page.addInitScript(
    (row) => {
      const observer = new MutationObserver(() => {
        if (document.querySelector(row) === null) return;
        observer.disconnect();
        requestAnimationFrame(() => performance.mark('row'));
      });
      observer.observe(document, { childList: true, subtree: true });
    },
    address.includes(PLAIN_PAGE) ? '[role="row"]' : ROW,
  );
  await page.goto(address);
  await page.waitForFunction(() => performance.getEntriesByName('row').length > 0);
  const ms = await page.evaluate(() => performance.getEntriesByName('row')[0]!.startTime);
  await page.context().close();
  return ms;
}

async function firstLoadBytes(browser: Browser): Promise<number> {
  const page = await browser.newPage();
  await page.goto(`${url}/#key=${key}`, { waitUntil: 'networkidle' });
  const bytes = await page.evaluate(() =>
    ['navigation', 'resource']
      .flatMap((type) => performance.getEntriesByType(type) as PerformanceResourceTiming[])
      .filter(({ name }) => !name.endsWith('/graphql'))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  );
  await page.close();
  return bytes;
}

async function loadRows(page: Page): Promise<void> {
  const grid = page.locator(GRID);
  for (;;) {
    const rows = await grid.evaluate((element) => {
      element.scrollTop = element.scrollHeight;
      const shown = [...element.querySelectorAll('[role="row"]')];
      return Math.max(...shown.map((row) => Number(row.getAttribute('aria-rowindex'))));
    });
    if (rows >= SCROLLED_ROWS) break;
    await setTimeout(50);
  }
  await grid.evaluate((element) => {
    element.scrollTop = 0;
  });
  await setTimeout(1_000);
}

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const filter = { createdAt: { gte: new Date(now - 7 * DAY_MS).toISOString() } };
const plain = `${url}${PLAIN_PAGE}#${encodeURIComponent(JSON.stringify({ key, query: QUERY, variables: { filter } }))}`;
const times = { explorer: [] as number[], plain: [] as number[] };
for (let round = 0; round < rounds; round++) {
  times.explorer.push(await firstRow(browser, `${url}/#key=${key}`));
  times.plain.push(await firstRow(browser, plain));
}
console.log(
  `First rows of ${logs} logs: ${middle(times.explorer).toFixed(0)} ms (${range(times.explorer)}); a page without libraries ` +
    `${middle(times.plain).toFixed(0)} ms (${range(times.plain)}); ratio ${(middle(times.explorer) / middle(times.plain)).toFixed(1)}`,
);
console.log(`First load: ${(await firstLoadBytes(browser)).toLocaleString('en')} bytes`);

const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
await page.goto(`${url}/#key=${key}`);
await page.locator(ROW).first().waitFor();
await loadRows(page);
const dropped: number[] = [];
for (let round = 0; round < rounds; round++) {
  dropped.push(100 * (await droppedFrames(page, GRID, round % 2 === 0 ? 1 : -1)));
}
console.log(`Dropped frames of ${SCROLLED_ROWS} rows: ${middle(dropped).toFixed(1)}% (${range(dropped, 1)})`);
await browser.close();

const here = join(import.meta.dirname, 'explorer/lighthouse');
const quiet = ['--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts', '--silent'];
execFileSync('npm', ['install', ...quiet], { cwd: here, stdio: 'inherit' });
for (const form of ['desktop', 'mobile']) {
  const address = `${url}/#key=${key}`;
  const args = [join(here, 'audit.mjs'), executablePath, address, form, String(rounds)];
  const output = execFileSync(process.execPath, args, { encoding: 'utf8' });
  const runs = output
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Record<string, number>);
  const shown = Object.keys(runs[0]!).map((name) => {
    const all = runs.map((run) => run[name]!);
    return `${name} ${middle(all).toFixed(0)} (${range(all)})`;
  });
  console.log(`Lighthouse, ${form}: ${shown.join(', ')}`);
}
server.kill('SIGTERM');
