import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relaylog, type Serving, serving, workFolder } from '../support/cli.ts';
import { complaintsOf, openBrowser } from './browser.ts';
import { demoKeyOf, filterInput, openExplorer, resultCount } from './explorer.ts';

const ISSUER = 'https://issuer.test';

describe('signing in to the explorer', () => {
  const folder = workFolder();
  const keys: string[] = [];
  let issuer: Server;
  let token: string;
  let server: Serving;
  let browser: Browser;
  beforeAll(async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] };
    issuer = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(jwks));
    });
    await new Promise<void>((listening) => issuer.listen(0, '127.0.0.1', listening));
    const inAnHour = Math.floor(Date.now() / 1_000) + 3_600;
    const claims = { iss: ISSUER, aud: 'relaylog', exp: inAnHour, org: 'demo', scope: 'logs:read' };
    token = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(privateKey);
    server = await serving({
      folder,
      environment: {
        RELAYLOG_JWT_JWKS_URL: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks`,
        RELAYLOG_JWT_ISSUER: ISSUER,
        RELAYLOG_JWT_AUDIENCE: 'relaylog',
      },
    });
    keys.push(demoKeyOf(server), token);
    await relaylog(['orgs', 'create', 'acme', '--plan', 'pro'], { folder });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    issuer?.close();
  });

  /** Creates a key with the command. */
  async function createKey(...options: string[]): Promise<{ id: string; key: string }> {
    const { out, err } = await relaylog(['keys', 'create', '--json', ...options], { folder });
    const created = JSON.parse(out || err);
    keys.push(created.key);
    return created;
  }
  const keyInput = (page: Page) => page.getByLabel('API key or JSON Web Token');
  const signIn = async (page: Page, key: string) => {
    await keyInput(page).fill(key);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  const openForm = async () => {
    const page = await (await browser.newContext()).newPage();
    complaintsOf(page);
    await page.goto(server.url);
    await keyInput(page).waitFor();
    return page;
  };

  it('the first load takes at most 250 kB, compressed with gzip', async () => {
    const page = await openExplorer(browser, server);
    await page.getByRole('region', { name: 'Histogram' }).getByRole('slider').waitFor();
    await page.getByRole('gridcell').first().waitFor();
    const bytes = () =>
      page.evaluate(() =>
        ['navigation', 'resource']
          .flatMap((type) => performance.getEntriesByType(type) as PerformanceResourceTiming[])
          .filter(({ name }) => !name.endsWith('/graphql'))
          .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
      );
    // With the font and the chart, which come last.
    await expect.poll(bytes, { timeout: 15_000 }).toBeGreaterThan(200_000);
    expect(await bytes()).toBeLessThan(250_000);
  });

  it('by the link that the server prints: the key is sent in headers only, and kept for the tab only', async () => {
    const [, link] = /Explorer\s+(\S+)/.exec(server.out)!;
    const context = await browser.newContext();
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    const sent: string[] = [];
    devtools.on('Network.requestWillBeSent', ({ request: { url, headers } }) => {
      const { Authorization: _, ...others } = headers;
      sent.push(url, JSON.stringify(others));
    });
    // Until the key is checked, the form is not shown.
    await page.addInitScript(() => {
      new MutationObserver(() => {
        if (document.querySelector('form input[type=password]') !== null) performance.mark('form');
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(link!);
    await resultCount(page).waitFor();
    expect(await page.evaluate(() => performance.getEntriesByName('form').length)).toBe(0);
    expect(page.url()).toBe(`${server.url}/`);
    const { entries } = await devtools.send('Page.getNavigationHistory');
    expect(entries.map(({ url }) => url)).toEqual(['about:blank', `${server.url}/`]);
    expect(sent.length).toBeGreaterThan(10);
    expect(sent.filter((text) => text.includes('rlk_'))).toEqual([]);
    expect(await page.evaluate(() => document.cookie + JSON.stringify(localStorage))).not.toContain('rlk_');

    await page.reload();
    await resultCount(page).waitFor();
    const other = await context.newPage();
    await other.goto(server.url);
    await keyInput(other).waitFor();
    expect(await other.getByText('npx relaylog keys create --org ID --scopes logs:read').isVisible()).toBe(
      true,
    );
    expect(complaints).toEqual([]);
  });

  it('by a link with a state: the page opens in this state', async () => {
    const page = await openExplorer(browser, server, 'q=status:5xx&range=30d&tz=Asia/Tokyo');
    expect(await filterInput(page).inputValue()).toBe('status:5xx');
    const { search, hash } = new URL(page.url());
    expect(Object.fromEntries(new URLSearchParams(search))).toEqual({
      q: 'status:5xx',
      range: '30d',
      tz: 'Asia/Tokyo',
    });
    expect(hash).toBe('');
    await page.getByRole('button', { name: /^Time range: Last 30 days/ }).waitFor();
    expect(complaintsOf(page)).toEqual([]);
  });

  it('by the form: what is wrong with a key is said, and signing out forgets the key', async () => {
    const writer = await createKey('--org', 'acme', '--scopes', 'logs:write');
    const page = await openForm();
    const complaints = complaintsOf(page);
    await signIn(page, 'rlk_wrong');
    await page.getByText('This key is malformed, unknown, expired or revoked.').waitFor();
    await signIn(page, 'key with spaces');
    await page.getByText('This key is malformed, unknown, expired or revoked.').waitFor();
    await signIn(page, writer.key);
    await page.getByText('This key may not read logs: it needs the scope logs:read.').waitFor();
    // Chromium itself reports them.
    for (const complaint of complaints.splice(0)) expect(complaint).toMatch(/status of 40[13]/);
    await signIn(page, ` ${demoKeyOf(server)} `);
    await resultCount(page).waitFor();

    await page.getByRole('button', { name: 'Organization demo' }).click();
    await page.getByRole('button', { name: 'Sign out of demo' }).click();
    await keyInput(page).waitFor();
    await page.reload();
    await keyInput(page).waitFor();
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('rlk_');
    expect(complaints).toEqual([]);
  });

  it('by a link with a wrong key, and then by a good link in the same tab', async () => {
    const page = await openForm();
    const complaints = complaintsOf(page);
    await page.evaluate(() => {
      location.hash = 'key=rlk_wrong';
    });
    await page.getByText('This key is malformed, unknown, expired or revoked.').waitFor();
    expect(complaints.splice(0)).toEqual([expect.stringContaining('401')]);
    await page.goto(`${server.url}/#key=${demoKeyOf(server)}`);
    await resultCount(page).waitFor();
    expect(new URL(page.url()).hash).toBe('');
    expect(complaints).toEqual([]);
  });

  it('again after the key was revoked or has expired while the page is open', async () => {
    const revoked = await createKey('--org', 'acme');
    const page = await openForm();
    await signIn(page, revoked.key);
    await resultCount(page).waitFor();
    await relaylog(['keys', 'revoke', revoked.id], { folder });
    await page.getByRole('button', { name: 'Refresh' }).click();
    const message = page.getByText('The key of the organization acme has expired or was revoked.');
    await message.waitFor();

    const expiring = await createKey(
      '--org',
      'acme',
      '--expires',
      new Date(Date.now() + 6_000).toISOString(),
    );
    await signIn(page, expiring.key);
    const refresh = page.getByRole('button', { name: 'Refresh' });
    await refresh.waitFor();
    await expect
      .poll(
        async () => {
          // It is gone as soon as the key has expired.
          await refresh.click({ timeout: 500 }).catch(() => {});
          return message.isVisible();
        },
        { timeout: 20_000, interval: 1_000 },
      )
      .toBe(true);
    await signIn(page, demoKeyOf(server));
    await resultCount(page).waitFor();
    for (const complaint of complaintsOf(page)) expect(complaint).toContain('401');
  });

  it('to several organizations by several keys', async () => {
    const { key } = await createKey('--org', 'acme');
    const page = await openExplorer(browser, server, 'q=status:5xx');
    const [requestId] = await page.evaluate(async (bearer) => {
      const response = await fetch('/graphql', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${bearer}` },
        body: '{"query":"{ requestLogs(first: 1) { nodes { requestId } } }"}',
      });
      return (await response.json()).data.requestLogs.nodes.map(
        (node: { requestId: string }) => node.requestId,
      );
    }, demoKeyOf(server));
    await page.goto(`${server.url}/?q=status:5xx&log=${requestId}`);
    await page.getByRole('region', { name: `Request ${requestId}` }).waitFor();

    const menu = (organization: string) => page.getByRole('button', { name: `Organization ${organization}` });
    await menu('demo').click();
    await page.getByRole('button', { name: 'Add an organization' }).click();
    await signIn(page, key);
    await menu('acme').waitFor();
    await page.getByText('No request matches').waitFor();
    expect(await page.title()).toContain('acme');
    // The log belongs to the other organization; the filter may serve here as well.
    expect(decodeURIComponent(new URL(page.url()).search)).toBe('?q=status:5xx');

    await menu('acme').click();
    await page.getByRole('button', { name: 'demo', exact: true }).click();
    await menu('demo').waitFor();
    await resultCount(page).waitFor();
    await page.reload();
    await menu('demo').click();
    await page.getByRole('button', { name: 'Sign out of demo' }).click();
    await menu('acme').waitFor();
    expect(complaintsOf(page)).toEqual([]);
  });

  it('by a JSON Web Token', async () => {
    const page = await openForm();
    await signIn(page, token);
    await resultCount(page).waitFor();
    await page.getByRole('button', { name: 'Organization demo' }).waitFor();
    expect(complaintsOf(page)).toEqual([]);
  });

  it('leaves no key in the log of the server', async () => {
    const { out, err } = await server.stop();
    const log = out.replace(server.out, '') + err;
    // Requests are logged, their keys are not.
    expect(log.includes('"operation":"LogTableQuery"')).toBe(true);
    expect(keys.filter((key) => log.includes(key))).toEqual([]);
  });
});
