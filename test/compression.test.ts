import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from './support/app.ts';

describe('compressed responses', () => {
  let app: TestApp;
  let key: string;
  beforeAll(async () => {
    app = await testApp();
    key = await app.key('acme');
    await app.insert(
      ...Array.from({ length: 50 }, (_, i) => ({ organizationId: 'acme', requestId: `r${i}` })),
    );
  });
  afterAll(() => app.close());

  const DECODE = {
    br: brotliDecompressSync,
    gzip: gunzipSync,
    identity: (bytes: Buffer) => bytes,
  };
  const get = async (path: string, encoding: string | null, method = 'GET') => {
    const accept = encoding === null ? {} : { 'accept-encoding': encoding };
    const response = await app.request(path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...accept },
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const used = (response.headers.get('content-encoding') ?? 'identity') as keyof typeof DECODE;
    return { response, used, bytes, text: method === 'HEAD' ? '' : DECODE[used](bytes).toString() };
  };
  const PATHS = ['/v1/logs', '/graphql?query={requestLogs{nodes{id%20path%20method}}}', '/openapi.json'];

  it.each(PATHS)('%s has the same content in every encoding, and says which one it has', async (path) => {
    const plain = await get(path, null);
    expect([plain.response.status, plain.used]).toEqual([200, 'identity']);
    for (const [accepted, used] of [
      ['br, gzip', 'br'],
      ['gzip', 'gzip'],
      ['gzip;q=1, br;q=0.1', 'gzip'],
      ['br;q=0, *', 'gzip'],
      ['identity', 'identity'],
      ['zstd', 'identity'],
      ['', 'identity'],
    ] as const) {
      const encoded = await get(path, accepted);
      expect([accepted, encoded.used]).toEqual([accepted, used]);
      expect(encoded.text.length).toBe(plain.text.length);
      expect(encoded.response.headers.get('vary')).toContain('Accept-Encoding');
      if (used !== 'identity') expect(encoded.bytes.length).toBeLessThan(plain.bytes.length / 2);
      expect(encoded.response.headers.get('content-length')).toBe(String(encoded.bytes.length));
      const head = await get(path, accepted, 'HEAD');
      expect([head.response.status, head.bytes.length]).toEqual([200, 0]);
      for (const name of ['content-encoding', 'content-length', 'content-type', 'cache-control', 'vary'])
        expect([name, head.response.headers.get(name)]).toEqual([name, encoded.response.headers.get(name)]);
    }
  });

  it('short responses are sent as they are', async () => {
    expect((await get('/livez', 'br, gzip')).used).toBe('identity');
    expect((await get('/v1/logs?limit=1', 'br, gzip')).used).toBe('identity');
  });

  it('any Accept-Encoding gets an answer that it can decode', async () => {
    const { text } = await get('/openapi.json', null);
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[a-z*;=q0-9., ]{0,40}$/), async (accepted) => {
        const encoded = await get('/openapi.json', accepted);
        expect(encoded.text).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it('private responses are not stored by any cache; 401 says which credential is accepted', async () => {
    for (const path of PATHS.slice(0, 2)) {
      const { response } = await get(path, null);
      expect(response.headers.get('cache-control')).toBe('private, no-store');
      const refused = await app.request(path);
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
        401,
        'Bearer realm="relaylog"',
      ]);
    }
  });
});
