import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../test/browser/browser.ts';
import { serving, workFolder } from '../test/support/cli.ts';

/** Where the images of the docs are, from the root of the repository. */
const FOLDER = join(import.meta.dirname, '../docs/images');
const DAY_MS = 24 * 60 * 60 * 1_000;
/** Of WebP: text stays sharp. */
const QUALITY = 85;

interface Shot {
  /** Parameters of the URL. */
  readonly search?: Readonly<Record<string, string>>;
  /** Default: light. */
  readonly theme?: 'dark';
  readonly size?: { readonly width: number; readonly height: number };
  readonly isSignedOut?: true;
  /** Opens what the image is about, and waits for it. */
  readonly show?: (page: Page) => Promise<unknown>;
}

/** The hour of the incident in the demo logs: 14:00 UTC of the day before yesterday. */
function incidentHour(): string {
  const hour = Math.floor(Date.now() / DAY_MS) * DAY_MS - 2 * DAY_MS + (14 / 24) * DAY_MS;
  return [hour, hour + DAY_MS / 24].map((time) => new Date(time).toISOString()).join('/');
}

async function openError(page: Page) {
  await page.getByRole('row', { name: /504/ }).first().click();
  await page.getByRole('heading', { name: 'Response headers' }).waitFor();
}

const SHOTS: Readonly<Record<string, Shot>> = {
  'explorer-logs': {},
  'explorer-incident': {
    search: { range: incidentHour(), q: 'route:/v1/trademarks' },
    show: openError,
  },
  'explorer-errors': { search: { view: 'errors' } },
  'explorer-slow': { search: { view: 'slow' }, theme: 'dark' },
  'explorer-filter': {
    theme: 'dark',
    size: { width: 1440, height: 540 },
    show: async (page) => {
      await page.getByRole('combobox', { name: 'Filter' }).pressSequentially('status:5xx consumer:');
      await page.getByRole('option', { name: /^cus_/ }).first().waitFor();
    },
  },
  'explorer-sign-in': { isSignedOut: true, size: { width: 720, height: 480 } },
  'explorer-phone': { size: { width: 375, height: 780 }, search: { q: 'status:5xx' } },
  'explorer-phone-request': {
    size: { width: 375, height: 780 },
    search: { q: 'status:504' },
    theme: 'dark',
    show: openError,
  },
};

async function take(browser: Browser, url: string, key: string, name: string, shot: Shot): Promise<number> {
  const context = await browser.newContext({
    viewport: shot.size ?? { width: 1440, height: 900 },
    colorScheme: shot.theme ?? 'light',
    deviceScaleFactor: 1.5,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const fragment = shot.isSignedOut ? '' : `#key=${key}`;
  await page.goto(`${url}/?${new URLSearchParams(shot.search)}${fragment}`);
  await page.waitForLoadState('networkidle');
  await shot.show?.(page);
  await page.waitForLoadState('networkidle');
  await page.mouse.move(0, 0);
  const client = await context.newCDPSession(page);
  const { data } = await client.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  const file = join(FOLDER, `${name}.webp`);
  writeFileSync(file, Buffer.from(data, 'base64'));
  await context.close();
  return statSync(file).size;
}

// The times in the images are those of the day on which they are taken: demo logs end now.
mkdirSync(FOLDER, { recursive: true });
const server = await serving({ folder: workFolder() });
const browser = await openBrowser();
try {
  const [key] = /rlk_[\w-]{43}/.exec(server.out)!;
  for (const [name, shot] of Object.entries(SHOTS)) {
    const bytes = await take(browser, server.url, key, name, shot);
    console.log(`docs/images/${name}.webp ${Math.ceil(bytes / 1_000)} kB`);
  }
} finally {
  await browser.close();
  await server.stop();
}
