import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isUtf8Encoded } from '../src/lib/percent-encoding.ts';
import { type TestApp, testApp } from './support/app.ts';

/** U+FFFD, which decoders insert for invalid bytes. It is also a valid character of its own. */
const REPLACEMENT = '\uFFFD';

describe('text in a query string', () => {
  let app: TestApp;
  let key: string;
  beforeAll(async () => {
    app = await testApp();
    key = await app.key('acme');
    const routePattern = `/v1/${REPLACEMENT}/100%`;
    await app.insert(
      { organizationId: 'acme', requestId: 'a', routePattern, path: `/v1/${REPLACEMENT}` },
      { organizationId: 'acme', requestId: 'b', routePattern: '/v1/?', path: '/v1/?' },
    );
  });
  afterAll(() => app.close());
  const get = async (path: string) => {
    const response = await app.request(path, { headers: { authorization: `Bearer ${key}` } });
    return { status: response.status, body: await response.json() };
  };

  it.each([
    '/v1/logs?route_pattern=/v1/%EF%BF%BD/100%',
    '/v1/logs?&&limit=5&&route_pattern=%2Fv1%2F%ef%bf%bd%2F100%25',
    `/v1/logs?route_pattern=/v1/${REPLACEMENT}/100%`,
    '/v1/organization/logs?q=%EF%BF%BD',
    `/v1/organization/logs?q=${REPLACEMENT}`,
  ])('accepts U+FFFD like any other character: %s', async (path) => {
    expect(await get(path)).toMatchObject({
      status: 200,
      body: { data: [{ request_id: expect.stringMatching(/^(req_)?a$/) }] },
    });
  });

  it('accepts U+FFFD like any other character in GraphQL', async () => {
    const query = `{ requestLogs(filter: { path: { eq: "/v1/${REPLACEMENT}" } }) { totalCount } }`;
    const answer = { data: { requestLogs: { totalCount: 1 } } };
    expect(await app.graphql(key, query)).toEqual({ status: 200, ...answer });
    expect(await get(`/graphql?query=${encodeURIComponent(query)}`)).toEqual({ status: 200, body: answer });
  });

  const malformed = ['%FF', '%C0%80', '%ED%A0%80', '%F4%90%80%80', 'a%E2%82', '%EF%BF%BD%FF', '%80'];
  it.each(malformed)('rejects %s as malformed', async (text) => {
    expect(await get(`/v1/logs?&limit=5&&method=${text}`)).toEqual({
      status: 400,
      body: { code: 'invalid_request', message: "Parameter 'method' must be well-formed UTF-8." },
    });
    expect(await get(`/v1/organization/logs?q=${text}`)).toMatchObject({
      status: 400,
      body: { error: { detail: "Parameter 'q' must be well-formed UTF-8." } },
    });
    expect(await get(`/graphql?query={viewer{plan}}&operationName=${text}`)).toEqual({
      status: 400,
      body: {
        errors: [
          { message: 'The query string is not well-formed UTF-8.', extensions: { code: 'BAD_USER_INPUT' } },
        ],
      },
    });
  });

  it('accepts percent-encoded bytes if and only if they are UTF-8', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
        const encoded = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
        const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
        expect(isUtf8Encoded(encoded)).toBe(Buffer.from(text).equals(bytes));
        expect(isUtf8Encoded(encodeURIComponent(text))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
