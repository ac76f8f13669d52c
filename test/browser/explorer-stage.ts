import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type Serving, serving, workFolder } from '../support/cli.ts';
import { complaintsOf, openBrowser } from './browser.ts';
import { openExplorer } from './explorer.ts';

/** One server with demo logs and one browser for the stories of a file. */
export interface Stage {
  readonly server: Serving;
  readonly browser: Browser;
  /** The working directory of the server, in which commands find its store. */
  readonly folder: string;
  /** Opens the explorer in a new context. */
  open(search?: string): Promise<Page>;
}

/** Opens the stage before the stories. After each of them, no page may have complained, and all are closed. */
export function useStage(environment: Record<string, string> = {}): Stage {
  const folder = workFolder();
  let server: Serving;
  let browser: Browser;
  beforeAll(async () => {
    server = await serving({ folder, environment });
    browser = await openBrowser();
  });
  afterEach(async () => {
    const complaints = browser.contexts().flatMap((context) => context.pages().flatMap(complaintsOf));
    for (const context of browser.contexts()) await context.close();
    expect(complaints).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
  return {
    folder,
    get server() {
      return server;
    },
    get browser() {
      return browser;
    },
    open: (search) => openExplorer(browser, server, search),
  };
}
