import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { complaintsOf } from './browser.ts';
import { demoKeyOf, filterInput, openExplorer, resultCount, rows } from './explorer.ts';
import { useStage } from './explorer-stage.ts';

const TIMEOUT = { timeout: 20_000 };

describe('the GraphQL of the explorer', () => {
  const stage = useStage();

  const dialog = (page: Page) => page.getByRole('dialog', { name: 'GraphQL of this page' });
  const openTab = async (page: Page, name: string) => {
    await page.getByRole('button', { name: 'Show the GraphQL' }).click();
    await dialog(page).getByRole('tab', { name }).click();
  };
  const text = (page: Page, name: string) =>
    dialog(page).getByRole('region', { name, exact: true }).innerText();
  /** Runs a command in a shell, with the key in the variable that the dialog names. */
  const run = async (command: string) => {
    const environment = { PATH: process.env.PATH, RELAYLOG_KEY: demoKeyOf(stage.server) };
    const { stdout } = await promisify(execFile)('sh', ['-c', command], {
      env: environment,
      maxBuffer: 10 ** 8,
    });
    return JSON.parse(stdout);
  };
  const shownIds = async (page: Page) => {
    await rows(page).first().waitFor();
    const ids = await rows(page).evaluateAll((all) => all.map(({ id }) => id.replace('log-', '')));
    return ids.slice(0, 5);
  };

  it('has one operation for each panel, with its variables', async () => {
    const page = await openExplorer(stage.browser, stage.server, 'q=status:5xx method:GET');
    await rows(page).first().waitFor();
    await page.getByRole('button', { name: 'Show the GraphQL' }).click();
    const tabs = dialog(page).getByRole('tab');
    await tabs.first().waitFor();
    const names = await tabs.allInnerTexts();
    expect(names).toEqual(expect.arrayContaining(['Histogram', 'Rows', 'Facets', 'Count']));
    expect(names.at(-1)).toBe('Plan and scopes');
    // By the keyboard.
    await tabs.first().focus();
    for (const name of names) {
      const panel = dialog(page).getByRole('tabpanel', { name });
      await panel.waitFor();
      expect(await text(page, 'Query')).toMatch(/^query \w+/);
      // The values of a facet are those without its own condition.
      if (name !== 'Plan and scopes') expect(await text(page, 'Variables')).toMatch(/"5xx"|"GET"/);
      await page.keyboard.press('ArrowRight');
    }
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    expect(complaintsOf(page)).toEqual([]);
  });

  it('follows the screen while it is open', async () => {
    const arrival = Promise.withResolvers<void>();
    const page = await openExplorer(stage.browser, stage.server, 'range=30d', {
      prepare: (blank) =>
        blank.route('**/errors-view.*.js', async (route) => {
          await arrival.promise;
          await route.continue();
        }),
    });
    await rows(page).first().waitFor();
    await page.getByRole('button', { name: 'Errors' }).click();
    await openTab(page, 'Histogram');
    const tab = (name: string) => dialog(page).getByRole('tab', { name, exact: true });
    await tab('Rows').waitFor({ state: 'detached' });
    expect(await tab('Errors').count()).toBe(0);

    arrival.resolve();
    await tab('Errors').waitFor();
    await dialog(page).getByRole('tabpanel', { name: 'Histogram' }).waitFor();
    await tab('Errors').click();
    expect(await text(page, 'Query')).toMatch(/^query ErrorsViewQuery/);
    expect(complaintsOf(page)).toEqual([]);
  });

  it('as a curl command answers what the page shows, whatever the filter contains', async () => {
    const page = await openExplorer(stage.browser, stage.server, 'q=status:504&range=30d', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const ids = await shownIds(page);
    await openTab(page, 'Rows');
    const command = await text(page, 'curl command');
    expect(command).not.toContain(demoKeyOf(stage.server));
    const { data } = await run(command);
    const edges: { node: { requestId: string; statusCode: number } }[] = data.requestLogs.edges;
    expect(edges.slice(0, ids.length).map(({ node }) => node.requestId)).toEqual(ids);
    await dialog(page).getByRole('button', { name: 'Copy curl' }).click();
    await dialog(page).getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(command);

    await page.keyboard.press('Escape');
    await filterInput(page).fill(String.raw`"it's \"$HOME\" \`id\`; !"`);
    await page.keyboard.press('Enter');
    await page.getByText('No request matches').waitFor();
    await openTab(page, 'Rows');
    await expect.poll(() => text(page, 'Variables'), TIMEOUT).toContain('$HOME');
    const hostile = await run(await text(page, 'curl command'));
    expect(hostile).toMatchObject({ data: { requestLogs: { edges: [] } } });
    expect(complaintsOf(page)).toEqual([]);
  });

  it('opens in GraphiQL with the key of the tab, and runs there', async () => {
    const page = await openExplorer(stage.browser, stage.server, 'q=status:504&range=30d');
    const [first] = await shownIds(page);
    await openTab(page, 'Rows');
    const opened = page.context().waitForEvent('page');
    await dialog(page).getByRole('link', { name: 'Open in GraphiQL' }).click();
    const graphiql = await opened;
    const complaints = complaintsOf(graphiql);
    await graphiql.getByRole('button', { name: /^Execute/ }).click({ timeout: 20_000 });
    await graphiql.locator('.result-window').getByText(first!).waitFor({ timeout: 20_000 });
    expect(graphiql.url()).not.toContain('rlk_');
    // The explorer is as it was.
    await page.keyboard.press('Escape');
    expect(await resultCount(page).innerText()).toMatch(/requests$/);
    expect([...complaints, ...complaintsOf(page)]).toEqual([]);
  });
});
