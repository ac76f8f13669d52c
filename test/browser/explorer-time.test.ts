import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/lib/time-units.ts';
import { relaylog } from '../support/cli.ts';
import { complaintsOf } from './browser.ts';
import { openExplorer, resultCount, rows } from './explorer.ts';
import { useStage } from './explorer-stage.ts';

const TIMEOUT = { timeout: 20_000 };

describe('the time range of the explorer', () => {
  const stage = useStage();
  const { folder } = stage;
  let freeKey: string;
  beforeAll(async () => {
    await relaylog(['orgs', 'create', 'small', '--plan', 'free'], { folder });
    const { out } = await relaylog(['keys', 'create', '--org', 'small', '--json'], { folder });
    freeKey = JSON.parse(out).key;
  });

  const picker = (page: Page) => page.getByRole('button', { name: /^Time range:/ });
  const rangeOfUrl = (page: Page) => new URL(page.url()).searchParams.get('range');
  const count = async (page: Page) => Number((await resultCount(page).innerText()).replaceAll(/[^\d]/g, ''));
  /** The times of the rows on the screen, read as if they were UTC. */
  const timesOf = async (page: Page) => {
    const cells = await rows(page)
      .getByRole('gridcell')
      .filter({ hasText: /:\d\d\.\d{3}$/ })
      .allInnerTexts();
    return cells.map((text) => Date.parse(`${text.replace(',', ` ${new Date().getUTCFullYear()}`)} UTC`));
  };

  it('a relative range stays relative: in the URL, after a reload, and for a colleague', async () => {
    const page = await openExplorer(stage.browser, stage.server);
    const week = await count(page);
    await picker(page).click();
    await page.getByRole('button', { name: 'Last 24 hours' }).click();
    await expect.poll(() => count(page), TIMEOUT).toBeLessThan(week);
    expect(rangeOfUrl(page)).toBe('24h');
    expect(Math.min(...(await timesOf(page)))).toBeGreaterThan(Date.now() - DAY_MS - HOUR_MS);
    await page.reload();
    await page.getByRole('button', { name: /^Time range: Last 24 hours/ }).waitFor();
    await picker(page).click();
    const choice = page
      .getByRole('list', { name: 'Relative ranges' })
      .getByRole('button', { name: 'Last 24 hours' });
    await choice.waitFor();
    expect(await choice.getAttribute('aria-current')).toBe('true');
    expect(rangeOfUrl(page)).toBe('24h');
    await page.goBack();
    await expect.poll(() => count(page), TIMEOUT).toBeGreaterThanOrEqual(week);
    expect(complaintsOf(page)).toEqual([]);
  });

  it('an absolute range in another zone: what is typed, the rows and the label are in that zone', async () => {
    const page = await openExplorer(stage.browser, stage.server, '', { timezoneId: 'Europe/Berlin' });
    await picker(page).click();
    await page.getByRole('searchbox', { name: 'Search for a time zone' }).fill('tokyo');
    await page.getByRole('button', { name: /Asia\/Tokyo\s*GMT\+9/ }).click();
    const yesterday = new Date(Date.now() - DAY_MS + 9 * HOUR_MS).toISOString().slice(0, 10);
    await page.getByLabel('From', { exact: true }).fill(`${yesterday}T06:30`);
    await page.getByLabel('To', { exact: true }).fill(`${yesterday}T18:30`);
    await page.getByRole('button', { name: 'Apply range' }).click();
    await page.getByRole('button', { name: /^Time range: .* 06:30 – 18:30 GMT\+9$/ }).waitFor();
    const from = Date.parse(`${yesterday}T06:30Z`);
    const iso = (time: number) => new Date(time - 9 * HOUR_MS).toISOString();
    expect(rangeOfUrl(page)).toBe(`${iso(from)}/${iso(from + 12 * HOUR_MS)}`);
    expect(new URL(page.url()).searchParams.get('tz')).toBe('Asia/Tokyo');
    const isWithin = (times: number[], start: number) =>
      times.length > 0 && times.every((time) => time >= start && time < start + 12 * HOUR_MS);
    await expect.poll(async () => isWithin(await timesOf(page), from), TIMEOUT).toBe(true);
    const [newest] = await timesOf(page);

    await picker(page).click();
    expect(await page.getByLabel('From', { exact: true }).inputValue()).toBe(`${yesterday}T06:30`);
    await page.getByRole('button', { name: /^UTC/ }).click();
    expect(await page.getByLabel('From', { exact: true }).inputValue()).toBe(iso(from).slice(0, 16));
    await expect.poll(async () => (await timesOf(page))[0], TIMEOUT).toBe(newest! - 9 * HOUR_MS);
    await page.getByRole('button', { name: /^Browser \(Europe\/Berlin\)/ }).click();
    await expect.poll(async () => (await timesOf(page))[0], TIMEOUT).not.toBe(newest! - 9 * HOUR_MS);
    expect(new URL(page.url()).searchParams.has('tz')).toBe(false);
    expect(complaintsOf(page)).toEqual([]);
  });

  it('a pinned range always shows the same logs', async () => {
    const page = await openExplorer(stage.browser, stage.server, 'range=24h');
    const pinned = await count(page);
    await picker(page).click();
    await page.getByRole('button', { name: 'Pin this range' }).click();
    await expect.poll(() => rangeOfUrl(page), TIMEOUT).toMatch(/^\d{4}-.*Z\/\d{4}-.*Z$/);
    const [from, to] = rangeOfUrl(page)!.split('/').map(Date.parse);
    expect(to! - from!).toBe(DAY_MS);
    const colleague = await openExplorer(stage.browser, stage.server, new URL(page.url()).search, {
      timezoneId: 'America/New_York',
    });
    expect(await count(colleague)).toBe(pinned);
    await picker(colleague).click();
    // What is absolute need not be pinned.
    await colleague.getByLabel('From', { exact: true }).waitFor();
    expect(await colleague.getByRole('button', { name: 'Pin this range' }).count()).toBe(0);
    expect([...complaintsOf(page), ...complaintsOf(colleague)]).toEqual([]);
  });

  it('a range that cannot be is explained and not applied', async () => {
    const page = await openExplorer(stage.browser, stage.server, 'tz=Europe/Berlin');
    await picker(page).click();
    const apply = async (from: string, to: string) => {
      await page.getByLabel('From', { exact: true }).fill(from);
      await page.getByLabel('To', { exact: true }).fill(to);
      await page.getByRole('button', { name: 'Apply range' }).click();
    };
    await apply('2026-11-20T10:00', '2026-11-20T09:00');
    await page.getByRole('alert').getByText('The end is before the start.').waitFor();
    await apply('2026-11-20T10:00', '2026-11-20T10:00');
    await page.getByRole('alert').getByText('The end must be after the start.').waitFor();
    await apply('2026-03-29T02:30', '2026-11-20T10:00');
    await page.getByRole('alert').getByText('This time does not exist in Europe/Berlin').waitFor();
    await apply('', '2026-11-20T10:00');
    await page.getByRole('alert').getByText('Enter a date and a time.').waitFor();
    expect(rangeOfUrl(page)).toBeNull();
    expect(complaintsOf(page)).toEqual([]);
  });

  it('a plan that shows fewer days says so, before and after a longer range is chosen', async () => {
    const page = await openExplorer(stage.browser, stage.server, '', { key: freeKey });
    const notice = page.getByRole('status').getByText('Your plan shows the last 7 days.');
    await picker(page).click();
    await page.getByRole('button', { name: 'Last 30 days plan shows 7 days' }).waitFor();
    expect(await notice.count()).toBe(0);
    await page.getByRole('button', { name: 'Last 30 days plan shows 7 days' }).click();
    await notice.waitFor();
    await page.getByText('No request matches').waitFor();
    expect(complaintsOf(page)).toEqual([]);
  });
});
