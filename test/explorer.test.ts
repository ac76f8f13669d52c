import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../src/app.ts';
import { ENDPOINTS } from '../src/endpoints.ts';
import { explorerEndpoint } from '../src/http/explorer-endpoint.ts';
import { type TestApp, testApp } from './support/app.ts';

/** Chromium accepts brotli over TLS and from the same machine only, so the limit holds for gzip. */
const MAX_BYTES = 250_000;

describe('the explorer page', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await testApp();
  });
  afterAll(() => app.close());

  it('is a short page without inline scripts and styles, and may load from its own host only', async () => {
    const response = await app.request('/');
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    const policy = response.headers.get('content-security-policy')!;
    for (const directive of ['base-uri', 'form-action', 'frame-ancestors', 'trusted-types'])
      expect(policy).toContain(`; ${directive} 'none'`);
    const sources = [...policy.matchAll(/[\w-]+-src ([^;]+)/g)].map(([, source]) => source);
    expect(new Set(sources)).toEqual(new Set(["'none'", "'self'"].filter((one) => policy.includes(one))));
    expect(policy).toMatch(/^default-src 'none';.*require-trusted-types-for 'script'/);
    expect(html.length).toBeLessThan(2_000);
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|style=|https?:/);
  });

  it.each(['gzip', 'br'])(
    'has files with hashed names that may be kept for ever, compressed by %s',
    async (encoding) => {
      const html = await (await app.request('/')).text();
      const files = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
      expect(files.map((path) => /\.\w+$/.exec(path)![0]).sort()).toEqual(
        expect.arrayContaining(['.css', '.js', '.svg']),
      );
      let bytes = 0;
      for (const path of files) {
        const file = await app.request(path, { headers: { 'accept-encoding': encoding } });
        expect({ path, status: file.status, encoding: file.headers.get('content-encoding') }).toEqual({
          path,
          status: 200,
          encoding,
        });
        expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
        expect(path).toMatch(/\.[0-9a-f]{16}\.\w+$/);
        bytes += (await file.arrayBuffer()).byteLength;
        const again = await app.request(path, { headers: { 'if-none-match': file.headers.get('etag')! } });
        expect([again.status, await again.text()]).toEqual([304, '']);
      }
      expect(bytes).toBeLessThan(MAX_BYTES);
    },
  );

  it('has a font, with its type', async () => {
    const html = await (await app.request('/')).text();
    const [, style] = /"(\/assets\/[^"]+\.css)"/.exec(html)!;
    const css = await (await app.request(style!)).text();
    const [, font] = /url\(([^)]+\.woff2)\)/.exec(css)!;
    const response = await app.request(font!);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'font/woff2']);
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(10_000);
  });

  it('says how to build it if it is not built', async () => {
    const endpoints = [explorerEndpoint('/nowhere'), ...ENDPOINTS];
    const other = createApp({ ...app.parts, endpoints });
    const response = await other.request('/');
    expect([response.status, await response.text()]).toEqual([
      503,
      expect.stringContaining('Run <code>npm run build:web</code>'),
    ]);
    expect((await other.request('/assets/index.0123456789abcdef.js')).status).toBe(404);
  });

  it('serves every file that was built', async () => {
    const names = readdirSync(join(import.meta.dirname, '../web/dist/assets'));
    const files = names.filter((name) => !/\.(br|gz)$/.test(name));
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const { status, headers } = await app.request(`/assets/${file}`);
      expect([file, status, headers.get('content-type')]).toEqual([file, 200, expect.stringContaining('/')]);
    }
  });

  it('has no other files', async () => {
    expect((await app.request('/assets/index.0123456789abcdef.js')).status).toBe(404);
    expect((await app.request('/assets/index.html')).status).toBe(404);
    expect((await app.request('/assets/..%2findex.html')).status).toBe(404);
  });
});
