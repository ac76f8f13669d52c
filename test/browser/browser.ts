import { type Browser, chromium, type Page } from 'playwright-core';

/** Starts the browser that RELAYLOG_TEST_CHROMIUM names; `.ci/chromium` installs one on Debian and prints its path. */
export async function openBrowser(): Promise<Browser> {
  const { RELAYLOG_TEST_CHROMIUM: executablePath } = process.env;
  if (executablePath === undefined) {
    throw new Error('RELAYLOG_TEST_CHROMIUM must name a Chromium: RELAYLOG_TEST_CHROMIUM=$(.ci/chromium)');
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

const complaintsByPage = new WeakMap<Page, string[]>();

/** Everything that the page complains about since the first call for it. */
export function complaintsOf(page: Page): string[] {
  const known = complaintsByPage.get(page);
  if (known !== undefined) return known;
  const complaints: string[] = [];
  complaintsByPage.set(page, complaints);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return complaints;
}
