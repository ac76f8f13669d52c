import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Serving, serving, workFolder } from '../support/cli.ts';
import { complaintsOf, openBrowser } from './browser.ts';

/** Bytes of all files that GraphiQL loads, compressed with gzip (Chromium accepts brotli over TLS only). */
const MAX_BYTES = 2_500_000;

describe('GraphiQL in a browser', () => {
  let server: Serving;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    server = await serving({ folder: workFolder() });
    browser = await openBrowser();
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it('asks for a key, rejects a wrong one, and answers queries with a valid one', async () => {
    const sizes = new Map<string, number>();
    page.on('response', (response) => {
      if (response.url().includes('/assets/'))
        sizes.set(response.url(), Number(response.headers()['content-length']));
    });
    const complaints = complaintsOf(page);
    await page.goto(`${server.url}/graphql`);
    await page.getByLabel('API key').fill('rlk_wrong');
    await page.getByRole('button', { name: 'Open GraphiQL' }).click();
    await page.getByText('This key is malformed, unknown, expired or revoked.').waitFor();
    // Chromium itself reports the 401.
    expect(complaints.splice(0)).toEqual([expect.stringContaining('401')]);

    await page.getByLabel('API key').fill(/rlk_[\w-]{43}/.exec(server.out)![0]);
    await page.getByRole('button', { name: 'Open GraphiQL' }).click();
    await page.getByRole('button', { name: /^Execute/ }).click();
    await page.locator('.result-window').getByText('totalCount').waitFor();
    expect(complaints).toEqual([]);
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    expect([...sizes.keys()].length).toBeGreaterThan(4);
    expect(total).toBeLessThan(MAX_BYTES);
  });

  it('keeps the key for the tab', async () => {
    await page.reload();
    await page.getByRole('button', { name: /^Execute/ }).waitFor();
    const other = await browser.newPage();
    await other.goto(`${server.url}/graphql`);
    await other.getByLabel('API key').waitFor();
    expect(await other.getByRole('button', { name: /^Execute/ }).count()).toBe(0);
  });
});
