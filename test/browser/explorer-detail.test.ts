import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { relaylog } from '../support/cli.ts';
import { openExplorer } from './explorer.ts';
import { ask, ingest } from './explorer-api.ts';
import { useStage } from './explorer-stage.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const AT = Date.now() - 3_600_000;
const FULL = {
  requestId: 'full',
  createdAt: AT,
  method: 'POST',
  path: "/v1/orders/77?expand=items[]&note=it's&token=s3cret-value",
  statusCode: 422,
  durationMs: 1_234,
  routePattern: '/v1/orders/{id}',
  host: 'api.example.com',
  service: 'orders',
  endpointType: 'write',
  authType: 'api_key',
  apiKeyId: 'key_detail',
  apiKeyPrefix: 'sk_live',
  consumerId: 'cus_detail',
  errorType: 'invalid_order',
  errorDetail: 'The order has no items.',
  billedUnits: 3,
  requestBytes: 2_048,
  responseBytes: 77,
  traceId: TRACE_ID,
  ipAddress: '203.0.113.7',
  userAgent: 'detail-client/1.0',
  requestHeaders: {
    'content-type': 'application/json',
    authorization: 'Bearer abcdefghijklmnop',
    'x-note': 'it\'s "$HOME" `id`',
  },
  requestBody: {
    items: [],
    customer: { name: "O'Neil", password: 'hunter2' },
    total: 12.5,
    paid: false,
    gift: null,
  },
  responseHeaders: { 'content-type': 'application/json', 'x-many': ['one', 'two'] },
  responseBody: { error: { code: 'invalid_order', fields: ['items'] } },
};
const MARKED = {
  requestId: 'marked',
  createdAt: AT,
  consumerId: 'cus_detail',
  requestHeaders: { 'content-type': 'text/plain' },
  requestBody: 'my password is hunter2',
  responseHeaders: { 'content-type': 'application/json' },
  responseBody: JSON.stringify({ rows: Array.from({ length: 900 }, (_, n) => `row ${n}`) }),
};

describe('The detail', { timeout: 40_000 }, () => {
  const stage = useStage({
    RELAYLOG_TRACE_URL: 'https://traces.example.com/trace/{traceId}?from=relaylog',
    RELAYLOG_MAX_RECORDED_BODY_BYTES: '4096',
  });
  beforeAll(() => ingest(stage.server, [FULL, MARKED, { requestId: 'bare', createdAt: AT }]));

  const detailOf = (page: Page, id: string) => page.getByRole('region', { name: `Request req_${id}` });
  const goTo = (page: Page, id: string) => page.goto(`${stage.server.url}/?log=${id}`);
  const fieldsOf = async (page: Page, id: string) => {
    const detail = detailOf(page, id);
    await detail.getByText('Response headers').waitFor();
    const names = await detail.getByRole('term').allInnerTexts();
    const values = await detail.getByRole('definition').allInnerTexts();
    return Object.fromEntries(names.map((name, index) => [name, values[index]!.trim()]));
  };
  const headersOf = async (page: Page, id: string, name: string) => {
    const texts = await detailOf(page, id)
      .getByRole('table', { name: `${name} headers` })
      .getByRole('row')
      .allInnerTexts();
    return Object.fromEntries(texts.map((text) => text.split(/\s*\t\s*/)));
  };
  const recorded = (page: Page, id: string, name: string) =>
    detailOf(page, id).getByRole('region', { name: `${name} as recorded` });
  const copied = async (page: Page, id: string, button: string) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await detailOf(page, id).getByRole('button', { name: button }).click();
    await detailOf(page, id).getByRole('button', { name: 'Copied' }).waitFor();
    return (await page.evaluate('navigator.clipboard.readText()')) as string;
  };

  it('opens by its link, and shows every field that was recorded', async () => {
    const page = await stage.open('log=req_full');
    const fields = await fieldsOf(page, 'full');
    expect(fields).toMatchObject({
      Status: '422',
      'Error type': 'invalid_order',
      'Error detail': 'The order has no items.',
      Duration: '1.23 s (1,234 ms)',
      'Request bytes': expect.stringContaining('2,048 bytes'),
      Method: 'POST',
      Route: '/v1/orders/{id}',
      Host: 'api.example.com',
      Service: 'orders',
      'Endpoint type': 'write',
      'Trace id': TRACE_ID,
      Consumer: 'cus_detail',
      'API key': 'key_detail',
      'API key prefix': 'sk_live',
      'Auth type': 'api_key',
      'IP address': '203.0.113.7',
      'User agent': 'detail-client/1.0',
      'Request id': 'req_full',
      'Billed units': '3',
    });
    const heading = detailOf(page, 'full').getByRole('heading', { level: 2 });
    expect((await heading.innerText()).replaceAll(/\s+/g, ' ')).toBe(
      "422 POST /v1/orders/77?expand=items[]&note=it's&token=redacted",
    );
    const link = await copied(page, 'full', 'Copy link');
    expect(new URL(link).search).toBe('?log=req_full');

    const colleague = await stage.open(new URL(link).search.slice(1));
    await detailOf(colleague, 'full').getByText('The order has no items.').waitFor();
    await detailOf(colleague, 'full').getByRole('button', { name: 'Close' }).click();
    await detailOf(colleague, 'full').waitFor({ state: 'hidden' });
  });

  it('shows headers as a table and bodies as JSON that can be folded', async () => {
    const page = await stage.open('log=req_full');
    await detailOf(page, 'full').getByText('Response headers').waitFor();
    expect(await headersOf(page, 'full', 'Request')).toEqual({
      'content-type': 'application/json',
      authorization: expect.stringMatching(/redacted$/),
      'x-note': 'it\'s "$HOME" `id`',
    });
    expect(await headersOf(page, 'full', 'Response')).toEqual({
      'content-type': 'application/json',
      'x-many': 'one, two',
    });
    const body = recorded(page, 'full', 'Request');
    for (const text of ['"O\'Neil"', '12.5', 'false', 'null'])
      await body.getByText(text, { exact: true }).waitFor();
    const fold = body.getByRole('button', { name: 'customer: 2 keys' });
    await fold.click();
    await body.getByText('"O\'Neil"').waitFor({ state: 'hidden' });
    expect(await fold.getAttribute('aria-expanded')).toBe('false');
    await fold.click();
    await body.getByText('"O\'Neil"').waitFor();
    const json = async () => JSON.parse(await copyOf(body));
    const copyOf = async (part: typeof body) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await part.getByRole('button', { name: 'Copy', exact: true }).click();
      await part.getByRole('button', { name: 'Copied' }).waitFor();
      return (await page.evaluate('navigator.clipboard.readText()')) as string;
    };
    expect(await json()).toEqual({
      ...FULL.requestBody,
      customer: { name: "O'Neil", password: '[REDACTED]' },
    });
  });

  it('marks what was redacted, truncated, omitted and not recorded', async () => {
    const page = await stage.open('log=req_full');
    const request = recorded(page, 'full', 'Request');
    // One in a header and one in the body.
    await expect.poll(() => request.getByText('redacted', { exact: true }).count()).toBe(2);
    expect(await detailOf(page, 'full').innerText()).not.toMatch(/hunter2|s3cret|abcdefgh|REDACTED/);

    await goTo(page, 'req_marked');
    await recorded(page, 'marked', 'Request')
      .getByText('Omitted: the body is in an unknown form, type text/plain, 22 B')
      .waitFor();
    const response = recorded(page, 'marked', 'Response');
    await response
      .getByText(/^Truncated: the body had \d+(\.\d+)? kB; only its beginning was recorded\.$/)
      .waitFor();
    await response.getByText('"row 0"').waitFor();

    await goTo(page, 'req_bare');
    await expect.poll(() => detailOf(page, 'bare').getByText('Not recorded').count()).toBe(4);
  });

  it('is locked without the scope logs:sensitive', async () => {
    const { out, err } = await relaylog(['keys', 'create', '--org', 'demo', '--scopes', 'logs:read'], {
      folder: stage.folder,
    });
    const key = /rlk_[\w-]{43}/.exec(out + err)![0];
    const page = await openExplorer(stage.browser, stage.server, 'log=req_full', { key });
    const fields = await fieldsOf(page, 'full');
    const locked = 'Requires the scope logs:sensitive';
    expect(fields).toMatchObject({ 'IP address': locked, 'User agent': locked, Consumer: 'cus_detail' });
    expect(await detailOf(page, 'full').getByText(locked).count()).toBe(6);
    expect(await detailOf(page, 'full').getByRole('table').count()).toBe(0);
    const command = await copied(page, 'full', 'Copy as curl');
    expect(command).not.toContain('-H');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Host' }).waitFor();
    expect(await page.getByRole('checkbox', { name: 'User agent' }).count()).toBe(0);
  });

  it('is copied as a curl command that a shell runs as one request', async () => {
    const page = await stage.open('log=req_full');
    const command = await copied(page, 'full', 'Copy as curl');
    const folder = mkdtempSync(join(tmpdir(), 'relaylog-curl-'));
    writeFileSync(join(folder, 'curl'), '#!/bin/sh\nprintf \'%s\\0\' "$@"\n');
    chmodSync(join(folder, 'curl'), 0o755);
    const words = execFileSync('sh', ['-c', command], {
      encoding: 'utf8',
      env: { PATH: `${folder}:/usr/bin:/bin`, TOKEN: 'MY_TOKEN' },
    });
    const [globoff, pathAsIs, x, method, url, ...rest] = words.split('\0').slice(0, -1);
    expect([globoff, pathAsIs, x, method]).toEqual(['--globoff', '--path-as-is', '-X', 'POST']);
    expect(url).toBe("https://api.example.com/v1/orders/77?expand=items[]&note=it's&token=MY_TOKEN");
    expect(rest.slice(0, 6)).toEqual([
      '-H',
      'content-type: application/json',
      '-H',
      expect.stringMatching(/^authorization: .*MY_TOKEN$/),
      '-H',
      'x-note: it\'s "$HOME" `id`',
    ]);
    expect(rest[6]).toBe('--data-raw');
    expect(JSON.parse(rest[7]!)).toEqual({
      ...FULL.requestBody,
      customer: { name: "O'Neil", password: 'MY_TOKEN' },
    });
    expect(rest).toHaveLength(8);
  });

  it('leads to the requests of its API key, route and consumer around its time', async () => {
    const page = await stage.open('view=errors&q=status:422&log=req_full');
    for (const [name, q, condition, count] of [
      ['API key', 'key:key_detail', { apiKeyId: { eq: 'key_detail' } }, 1],
      ['consumer', 'consumer:cus_detail', { consumerId: { eq: 'cus_detail' } }, 2],
      ['route', 'route:/v1/orders/{id}', { routePattern: { eq: '/v1/orders/{id}' } }, 1],
    ] as const) {
      const button = detailOf(page, 'full').getByRole('button', {
        name: `Requests of this ${name} around this time`,
      });
      await button.click();
      await page.waitForURL((url) => url.searchParams.get('q') === q);
      const [gte, lt] = new URL(page.url()).searchParams.get('range')!.split('/');
      expect([Date.parse(gte!), Date.parse(lt!)]).toEqual([AT - 900_000, AT + 900_000]);
      const { requestLogs } = await ask<{ requestLogs: { totalCount: number } }>(
        stage.server,
        'query ($filter: RequestLogFilter) { requestLogs(filter: $filter) { totalCount } }',
        { filter: { ...condition, createdAt: { gte, lt } } },
      );
      expect(requestLogs.totalCount).toBe(count);
      const results = page.getByRole('region', { name: 'Results' });
      await results.getByText(count === 1 ? '1 request' : `${count} requests`, { exact: true }).waitFor();
      // The request stays open.
      await detailOf(page, 'full').getByText('The order has no items.').waitFor();
    }
  });

  it('adds a condition by one of its values', async () => {
    const page = await stage.open('q=method:POST&log=req_full');
    await detailOf(page, 'full').getByRole('button', { name: 'Filter by consumer cus_detail' }).click();
    await page.getByRole('list', { name: 'Conditions' }).getByText('consumer is cus_detail').waitFor();
    expect(new URL(page.url()).searchParams.get('q')).toBe('method:POST consumer:cus_detail');
  });

  it('links to the trace', async () => {
    const page = await stage.open('log=req_full');
    const link = detailOf(page, 'full').getByRole('link', { name: 'Open trace' });
    expect(await link.getAttribute('href')).toBe(
      `https://traces.example.com/trace/${TRACE_ID}?from=relaylog`,
    );
    expect(await link.getAttribute('rel')).toContain('noopener');
    expect(await link.getAttribute('target')).toBe('_blank');
    await goTo(page, 'req_bare');
    await detailOf(page, 'bare').getByText('Response headers').waitFor();
    expect(await detailOf(page, 'bare').getByRole('link').count()).toBe(0);
  });

  it('says that a request does not exist', async () => {
    const page = await stage.open('log=req_nothing');
    await detailOf(page, 'nothing').getByText('No such request').waitFor();
    await page.keyboard.press('Escape');
    await detailOf(page, 'nothing').waitFor({ state: 'hidden' });
    // The rest of the page is not affected.
    await page.getByRole('grid', { name: 'Requests' }).getByRole('gridcell').first().waitFor();
  });
});
