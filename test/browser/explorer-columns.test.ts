import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { daysAgo } from './explorer-api.ts';
import { useStage } from './explorer-stage.ts';

const { range } = daysAgo(6);

describe('The columns of the table', { timeout: 40_000 }, () => {
  const stage = useStage();

  const gridOf = (page: Page) => page.getByRole('grid', { name: 'Requests' });
  const columns = (page: Page) => gridOf(page).getByRole('columnheader').allInnerTexts();
  const namesOf = async (page: Page) => (await columns(page)).map((text) => text.replaceAll(/[↑↓\n]/g, ''));
  const columnsDialog = async (page: Page) => {
    await page.getByRole('button', { name: 'Columns' }).click();
    return page.getByRole('list', { name: /^Columns/ });
  };

  /** Scrolls by the wheel, and waits for two frames: the rows that have scrolled in are there. */
  async function scroll(page: Page, pixels: number): Promise<void> {
    await page.mouse.wheel(0, pixels);
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  }

  it('are chosen and moved; the choice is part of the link', async () => {
    const page = await stage.open(range);
    await gridOf(page).waitFor();
    const before = ['Time', 'Status', 'Method', 'Path', 'Duration', 'Consumer', 'Error type'];
    expect(await namesOf(page)).toEqual(before);
    const menu = await columnsDialog(page);
    await menu.getByRole('checkbox', { name: 'Route' }).check();
    await menu.getByRole('checkbox', { name: 'User agent' }).check();
    await menu.getByRole('checkbox', { name: 'Consumer' }).uncheck();
    await menu.getByRole('checkbox', { name: 'Error type' }).uncheck();
    const up = menu.getByRole('button', { name: 'Move Route up' });
    await up.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    const chosen = ['Time', 'Status', 'Method', 'Route', 'Path', 'Duration', 'User agent'];
    await expect.poll(() => namesOf(page)).toEqual(chosen);
    await page.keyboard.press('Escape');
    expect(await up.isVisible()).toBe(false);
    const cols = 'createdAt,statusCode,method,routePattern,path,durationMs,userAgent';
    await page.waitForURL((url) => url.searchParams.get('cols') === cols);

    const colleague = await stage.open(new URL(page.url()).search.slice(1));
    await gridOf(colleague).getByRole('gridcell', { name: 'harbor-backend/4.2.0' }).first().waitFor();
    expect(await namesOf(colleague)).toEqual(chosen);
    await (await columnsDialog(colleague)).getByRole('checkbox', { name: 'Method' }).waitFor();
    await colleague.getByRole('button', { name: 'Reset' }).click();
    await expect.poll(() => namesOf(colleague)).toEqual(before);
    await colleague.waitForURL((url) => !url.searchParams.has('cols'));
  });

  it('have widths that are set by pointer and keyboard, and kept in the browser', async () => {
    const page = await stage.open(range);
    const edge = (name: string) => gridOf(page).getByRole('separator', { name: `Width of ${name}` });
    const width = async (name: string) => {
      const { width } = (await gridOf(page).getByRole('columnheader', { name }).boundingBox())!;
      return Math.round(width);
    };
    const time = await width('Time');
    const { x, y } = (await edge('Time').boundingBox())!;
    await page.mouse.move(x + 2, y + 5);
    await page.mouse.down();
    await page.mouse.move(x + 42, y + 5, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => width('Time')).toBe(time + 40);
    const method = await width('Method');
    await edge('Method').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => width('Method')).toBe(method + 16);
    await page.reload();
    await expect.poll(() => width('Method')).toBe(method + 16);
    expect(await width('Time')).toBe(time + 40);
    await edge('Time').dblclick();
    await expect.poll(() => width('Time')).toBe(time);
  });

  it('keep the place of the rows when one is added', async () => {
    const page = await stage.open(range);
    await gridOf(page).getByRole('gridcell').first().hover();
    const index = () =>
      gridOf(page).evaluate((grid: { scrollTop: number }) => Math.round(grid.scrollTop / 30));
    while ((await index()) < 250) {
      await scroll(page, 900);
    }
    const place = await index();
    await (await columnsDialog(page)).getByRole('checkbox', { name: 'Service' }).check();
    await page.keyboard.press('Escape');
    await gridOf(page).getByRole('gridcell', { name: 'search' }).first().waitFor();
    expect(await index()).toBe(place);
  });
});
