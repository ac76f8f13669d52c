import { afterEach, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from './support/app.ts';

let app: TestApp;
afterEach(() => app.close());

const PAGE = { headers: { accept: 'text/html' } };

describe('GraphiQL', () => {
  it('is a short page without inline scripts, whose files may be kept for ever', async () => {
    app = await testApp();
    const response = await app.request('/graphql', PAGE);
    const html = await response.text();
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(html.length).toBeLessThan(4_000);
    expect(html).not.toMatch(/<script(?![^>]* src=)/);
    const files = [...html.matchAll(/\/assets\/[\w.-]+/g)].map(([path]) => path);
    expect(files.length).toBeGreaterThan(5);
    let total = 0;
    for (const path of new Set(files)) {
      const file = await app.request(path, { headers: { 'accept-encoding': 'gzip' } });
      expect([file.status, file.headers.get('content-encoding')]).toEqual([200, 'gzip']);
      expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      total += (await file.arrayBuffer()).byteLength;
      const etag = file.headers.get('etag')!;
      const again = await app.request(path, { headers: { 'if-none-match': etag } });
      expect([again.status, await again.text()]).toEqual([304, '']);
    }
    expect(total).toBeLessThan(2_500_000);
    const [script] = files.filter((path) => path.includes('graphiql-start') && path.endsWith('.js'));
    const plain = await app.request(script!);
    expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([
      null,
      expect.stringContaining('renderYogaGraphiQL'),
    ]);
  });

  it('is found by its files too, if another process served the page', async () => {
    app = await testApp();
    const html = await (await app.request('/graphql', PAGE)).text();
    const [path] = /\/assets\/graphiql-start[\w.]+js/.exec(html)!;
    const other = await testApp();
    expect((await other.request(path)).status).toBe(200);
    expect((await other.request('/assets/graphiql-start.0123456789abcdef.js')).status).toBe(404);
    expect((await other.request('/assets/..%2fsecret')).status).toBe(404);
    await other.close();
  });

  it.each([[{ RELAYLOG_GRAPHIQL: 'off' }], [{ RELAYLOG_GRAPHQL_INTROSPECTION: 'off' }]])(
    'is off with %j',
    async (environment) => {
      app = await testApp(environment);
      const response = await app.request('/graphql', PAGE);
      expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('turned off')]);
    },
  );
});

it('a WebSocket upgrade is answered with the supported transports', async () => {
  app = await testApp();
  const response = await app.request('/graphql', {
    headers: { upgrade: 'websocket', connection: 'Upgrade' },
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    errors: [
      {
        message: expect.stringContaining('WebSockets are not supported'),
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ],
  });
});
