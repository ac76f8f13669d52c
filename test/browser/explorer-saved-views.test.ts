import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { relaylog } from '../support/cli.ts';
import { complaintsOf } from './browser.ts';
import { demoKeyOf, filterInput, openExplorer, resultCount } from './explorer.ts';
import { useStage } from './explorer-stage.ts';

const TIMEOUT = { timeout: 20_000 };

describe('saved views of the explorer', () => {
  const stage = useStage();
  const { folder } = stage;
  let otherKey: string;
  beforeAll(async () => {
    await relaylog(['orgs', 'create', 'acme', '--plan', 'pro'], { folder });
    const { out } = await relaylog(['keys', 'create', '--org', 'acme', '--json'], { folder });
    otherKey = JSON.parse(out).key;
  });

  const openMenu = (page: Page) => page.getByRole('button', { name: 'Saved views' }).click();
  const save = async (page: Page, name: string) => {
    await page.getByLabel('Name of the view').fill(name);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText(`Saved “${name}”.`).waitFor();
  };
  const view = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
  const stateOf = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

  it('are saved under a name, opened, renamed and deleted, and survive a reload', async () => {
    const state = { q: 'status:5xx', range: '30d', sort: '-duration_ms', tz: 'UTC' };
    const page = await openExplorer(stage.browser, stage.server, `${new URLSearchParams(state)}`);
    await openMenu(page);
    await page.getByText('None yet.').waitFor();
    await save(page, 'Slow failures');
    await page.keyboard.press('Escape');
    await filterInput(page).fill('status:2xx');
    await page.keyboard.press('Enter');
    await expect.poll(() => stateOf(page).q, TIMEOUT).toBe('status:2xx');

    await page.reload();
    await openMenu(page);
    await view(page, 'Slow failures').click();
    await expect.poll(() => stateOf(page), TIMEOUT).toEqual(state);
    await expect.poll(() => filterInput(page).inputValue(), TIMEOUT).toBe('status:5xx');
    await page.goBack();
    await expect.poll(() => stateOf(page).q, TIMEOUT).toBe('status:2xx');

    await openMenu(page);
    await page.getByRole('button', { name: 'Rename Slow failures' }).click();
    await page.getByRole('textbox', { name: 'New name of Slow failures' }).fill('Failures');
    await page.keyboard.press('Enter');
    await page.getByText('Renamed to “Failures”.').waitFor();
    // The same name again means the new state.
    await save(page, 'Failures');
    expect(await view(page, 'Failures').count()).toBe(1);
    await view(page, 'Failures').click();
    expect(stateOf(page).q).toBe('status:2xx');

    await openMenu(page);
    await page.getByRole('button', { name: 'Delete Failures' }).click();
    await page.getByText('Deleted “Failures”.').waitFor();
    await page.reload();
    await openMenu(page);
    await page.getByText('None yet.').waitFor();
    expect(complaintsOf(page)).toEqual([]);
  });

  it('are given to a colleague as a link', async () => {
    // No log leaves this range while the two pages are compared.
    const page = await openExplorer(stage.browser, stage.server, 'q=method:POST&range=30d', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await openMenu(page);
    await save(page, 'Writes, <b>today</b>');
    await page.getByRole('button', { name: 'Copy the link to Writes, <b>today</b>' }).click();
    await page.getByText('The link is copied.').waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).not.toContain('rlk_');
    const colleague = await openExplorer(stage.browser, stage.server, new URL(link).search);
    expect(stateOf(colleague)).toEqual({ q: 'method:POST', range: '30d' });
    expect(await resultCount(colleague).innerText()).toBe(await resultCount(page).innerText());
    expect([...complaintsOf(page), ...complaintsOf(colleague)]).toEqual([]);
  });

  it('belong to one organization, and not to the log that was open', async () => {
    const page = await openExplorer(stage.browser, stage.server, 'q=status:504&log=req_unknown');
    await openMenu(page);
    await save(page, 'Timeouts');
    await page.goto(`${stage.server.url}/#key=${otherKey}`);
    await page.getByRole('button', { name: 'Organization acme' }).waitFor();
    await openMenu(page);
    await page.getByText('None yet.').waitFor();
    await page.goto(`${stage.server.url}/#key=${demoKeyOf(stage.server)}`);
    await page.getByRole('button', { name: 'Organization demo' }).waitFor();
    await openMenu(page);
    await view(page, 'Timeouts').click();
    await expect.poll(() => stateOf(page), TIMEOUT).toEqual({ q: 'status:504' });
    expect(complaintsOf(page)).toEqual([]);
  });

  it('start with some that most people need, and say if the browser keeps none', async () => {
    const page = await openExplorer(stage.browser, stage.server, '', {
      prepare: (blank) =>
        blank.addInitScript(() => {
          Storage.prototype.setItem = () => {
            throw new DOMException('full', 'QuotaExceededError');
          };
        }),
    });
    await openMenu(page);
    await page.getByLabel('Name of the view').fill('Mine');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('This browser does not keep views: its storage is full or turned off.').waitFor();
    await view(page, 'Server errors, last 24 hours').click();
    await expect.poll(() => stateOf(page), TIMEOUT).toEqual({ q: 'status:5xx', range: '24h' });
    expect(complaintsOf(page)).toEqual([]);
  });
});
