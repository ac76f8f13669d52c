import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { complaintsOf } from './browser.ts';
import { filterInput, openExplorer, resultCount, rows } from './explorer.ts';
import { useStage } from './explorer-stage.ts';

const TIMEOUT = { timeout: 20_000 };
/** A range that no log leaves while two pages are compared. */
const ALL_LOGS = 'range=30d';

describe('the filter bar of the explorer', () => {
  const stage = useStage();

  /** The conditions as chips show them. */
  const chips = (page: Page) => page.getByRole('list', { name: 'Conditions' }).getByRole('listitem');
  const chipTexts = async (page: Page) => (await chips(page).allInnerTexts()).map((text) => text.trim());
  const expectChips = (page: Page, expected: string[]) =>
    expect.poll(() => chipTexts(page), TIMEOUT).toEqual(expected);
  const filterOfUrl = (page: Page) => new URL(page.url()).searchParams.get('q');
  /** Waits until each row that is shown has the text in one of its cells. */
  const expectRows = (page: Page, text: RegExp) =>
    expect
      .poll(async () => {
        const texts = await rows(page).allInnerTexts();
        return texts.length > 0 && texts.every((row) => text.test(row));
      }, TIMEOUT)
      .toBe(true);

  it('typed conditions become chips and change the rows and the URL', async () => {
    const page = await openExplorer(stage.browser, stage.server, ALL_LOGS);
    const all = await resultCount(page).innerText();
    await page.keyboard.press('/');
    await page.keyboard.type('status:5xx -method:POST duration:>500');
    await page.keyboard.press('Enter');
    await expectChips(page, ['status is 5xx', 'method is not POST', 'duration > 500 ms']);
    await expectRows(page, /\b5\d\d\s+GET\b/);
    expect(filterOfUrl(page)).toBe('status:5xx -method:POST duration:>500');
    await expect.poll(() => resultCount(page).innerText(), TIMEOUT).not.toBe(all);

    // The same filter by a link.
    const colleague = await openExplorer(stage.browser, stage.server, new URL(page.url()).search);
    await expectChips(colleague, ['status is 5xx', 'method is not POST', 'duration > 500 ms']);
    expect(await resultCount(colleague).innerText()).toBe(await resultCount(page).innerText());
    expect([...complaintsOf(page), ...complaintsOf(colleague)]).toEqual([]);
  });

  it('chips change the text: removed one by one, edited by a click, cleared at once', async () => {
    const page = await openExplorer(
      stage.browser,
      stage.server,
      'q=status:504 route:/v1/trademarks method:GET',
    );
    await expectChips(page, ['status is 504', 'route is /v1/trademarks', 'method is GET']);
    await page.getByRole('button', { name: 'Remove route is /v1/trademarks' }).click();
    await expectChips(page, ['status is 504', 'method is GET']);
    expect(await filterInput(page).inputValue()).toBe('status:504 method:GET');

    await page.getByRole('button', { name: 'status is 504', exact: true }).click();
    await page.keyboard.type('status:200');
    await page.keyboard.press('Enter');
    await expectChips(page, ['status is 200', 'method is GET']);
    await expectRows(page, /\b200\s+GET\b/);

    await page.getByRole('button', { name: 'Clear the filter' }).click();
    await expectChips(page, []);
    expect(await filterInput(page).inputValue()).toBe('');
    expect(filterOfUrl(page)).toBeNull();
    expect(await filterInput(page).evaluate((input) => input === document.activeElement)).toBe(true);
    expect(complaintsOf(page)).toEqual([]);
  });

  it('suggests fields and values with counts, by the keyboard alone', async () => {
    const page = await openExplorer(stage.browser, stage.server);
    await page.keyboard.press('/');
    await page.keyboard.type('err');
    const fields = page.getByRole('listbox', { name: 'Fields' });
    await fields.getByRole('option').first().waitFor();
    await page.keyboard.press('Tab');
    expect(await filterInput(page).inputValue()).toBe('error:');
    const values = page.getByRole('listbox', { name: 'Values of error' });
    await values.getByRole('option', { name: /^search_timeout\s*[\d,]+$/ }).waitFor();
    await page.keyboard.type('time');
    await expect.poll(() => values.getByRole('option').count(), TIMEOUT).toBe(1);
    await page.keyboard.press('ArrowDown');
    const option = values.getByRole('option', { selected: true });
    expect(await option.getAttribute('id')).toBe(
      await filterInput(page).getAttribute('aria-activedescendant'),
    );
    const suggested = /[\d,]+$/.exec(await option.innerText())![0];
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await expectChips(page, ['error is search_timeout']);
    // The count of the suggestion is that of the result.
    await expect.poll(() => resultCount(page).innerText(), TIMEOUT).toMatch(`${suggested} request`);
    expect(complaintsOf(page)).toEqual([]);
  });

  it('an unknown field, a wrong value and OR are explained, and the other conditions apply', async () => {
    const page = await openExplorer(stage.browser, stage.server, 'q=status:5xx');
    await filterInput(page).fill('status:5xx statos:404');
    await page.keyboard.press('Enter');
    await page.getByText('There is no field "statos". Did you mean status?').waitFor();
    expect(await filterInput(page).getAttribute('aria-invalid')).toBe('true');
    await expectChips(page, ['status is 5xx']);
    await expectRows(page, /\b5\d\d\b/);
    await filterInput(page).fill('status:5xx duration:fast');
    await page.keyboard.press('Enter');
    await page.getByText('duration takes a number of milliseconds or seconds').waitFor();
    await filterInput(page).fill('status:5xx OR status:404');
    await page.keyboard.press('Enter');
    await page.getByText('OR is written with a comma').waitFor();
    await filterInput(page).fill('status:504,404');
    await page.keyboard.press('Enter');
    await expectChips(page, ['status is 504, 404']);
    await expect.poll(() => page.getByText('OR is written with a comma').count(), TIMEOUT).toBe(0);
    expect(complaintsOf(page)).toEqual([]);
  });

  it('a filter of the API that cannot be typed is one chip, which is removed whole', async () => {
    const filter = JSON.stringify({
      or: [{ statusCode: { eq: 504 } }, { and: [{ method: { eq: 'POST' } }, { statusCode: { gte: 500 } }] }],
    });
    const page = await openExplorer(
      stage.browser,
      stage.server,
      `filter=${encodeURIComponent(filter)}&q=duration:>100`,
    );
    await expectChips(page, ['duration > 100 ms', 'Custom filter']);
    await expectRows(page, /\b5\d\d\b/);
    await page.getByRole('button', { name: 'Remove the custom filter' }).click();
    await expectChips(page, ['duration > 100 ms']);
    await expectRows(page, /\b2\d\d\b|\b4\d\d\b|\b5\d\d\b/);
    expect(new URL(page.url()).searchParams.has('filter')).toBe(false);
    await page.goBack();
    await expectChips(page, ['duration > 100 ms', 'Custom filter']);
    expect(complaintsOf(page)).toEqual([]);
  });

  it('free text finds paths and request ids', async () => {
    const page = await openExplorer(stage.browser, stage.server);
    await filterInput(page).fill('"limit=100"');
    await page.keyboard.press('Enter');
    await expectChips(page, ['text contains limit=100']);
    await expectRows(page, /limit=100/);
    const id = await rows(page).first().getAttribute('id');
    await filterInput(page).fill(id!.replace('log-', ''));
    await page.keyboard.press('Enter');
    await expect.poll(() => resultCount(page).innerText(), TIMEOUT).toBe('1 request');
    expect(complaintsOf(page)).toEqual([]);
  });

  it('Escape closes the suggestions first and then leaves the input; the help shows the syntax', async () => {
    const page = await openExplorer(stage.browser, stage.server);
    await page.keyboard.press('/');
    await page.keyboard.type('meth');
    await page.getByRole('listbox', { name: 'Fields' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('listbox').count()).toBe(0);
    const hasFocus = () => filterInput(page).evaluate((input) => input === document.activeElement);
    expect(await hasFocus()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await hasFocus()).toBe(false);
    await page.getByRole('button', { name: 'Filter syntax' }).click();
    await page.getByText('Durations are in ms, or as 2s.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Durations are in ms, or as 2s.').waitFor({ state: 'hidden' });
    expect(complaintsOf(page)).toEqual([]);
  });

  it('Back and Forward walk through the filters', async () => {
    const page = await openExplorer(stage.browser, stage.server);
    for (const text of ['status:4xx', 'status:5xx']) {
      await filterInput(page).fill(text);
      await page.keyboard.press('Enter');
      await expectChips(page, [text.replace(':', ' is ')]);
      // The page shows the chips before the browser's history has the filter.
      await expect.poll(() => filterOfUrl(page), TIMEOUT).toBe(text);
    }
    await page.goBack();
    await expectChips(page, ['status is 4xx']);
    await expectRows(page, /\b4\d\d\b/);
    await page.goBack();
    await expectChips(page, []);
    await page.goForward();
    await page.goForward();
    await expectChips(page, ['status is 5xx']);
    expect(await filterInput(page).inputValue()).toBe('status:5xx');
    await expectRows(page, /\b5\d\d\b/);
    expect(complaintsOf(page)).toEqual([]);
  });
});
