import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PERSISTED, PersistedTexts } from '../src/graphql/persisted-texts.ts';
import { type TestApp, testApp } from './support/app.ts';
import { workFolder } from './support/cli.ts';

const QUERY = 'query Plan($shown: Boolean = true) { viewer { plan @include(if: $shown) } }';
const hashOf = (query: string) => createHash('sha256').update(query).digest('hex');
const byHash = (sha256Hash: unknown, version: unknown = 1) => ({ persistedQuery: { version, sha256Hash } });
const DATA = { data: { viewer: { plan: 'archive' } } };
const error = (message: string, code: string) => ({
  errors: [expect.objectContaining({ message, extensions: { code } })],
});
const NOT_FOUND = error('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');
const MISMATCH = error(
  'extensions.persistedQuery.sha256Hash is not the SHA-256 hash of the query.',
  'BAD_USER_INPUT',
);

describe('automatic persisted queries', () => {
  let app: TestApp;
  let key: string;
  beforeAll(async () => {
    app = await testApp();
    key = await app.key('acme');
  });
  afterAll(() => app.close());

  const post = async (body: object, by = key, headers = {}) =>
    (await app.post(by, body, headers)).json() as Promise<object>;
  const get = async (parameters: Record<string, string>, by = key) => {
    const response = await app.request(`/graphql?${new URLSearchParams(parameters)}`, {
      headers: { 'x-api-key': by },
    });
    return (await response.json()) as object;
  };
  const metric = async (name: string) => {
    const text = await (await app.request('/metrics')).text();
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))!
        .slice(name.length),
    );
  };

  it('are answered by their hash, with POST and GET, compiled or not, once they were sent with it', async () => {
    const extensions = byHash(hashOf(QUERY));
    expect(await post({ extensions })).toEqual(NOT_FOUND);
    expect(await get({ extensions: JSON.stringify(extensions) })).toEqual(NOT_FOUND);
    expect(await post({ query: QUERY, extensions })).toEqual(DATA);
    const compiled = await metric('relaylog_graphql_compiled_answers_total');
    for (let time = 0; time < 2; time++) {
      expect(await post({ extensions, variables: { shown: true }, operationName: 'Plan' })).toEqual(DATA);
      expect(await post({ extensions })).toEqual(DATA);
      expect(await get({ extensions: JSON.stringify(extensions) })).toEqual(DATA);
      expect(
        await get({
          extensions: JSON.stringify(extensions),
          variables: '{"shown":true}',
          operationName: 'Plan',
        }),
      ).toEqual(DATA);
    }
    // The name of an operation is part of its key, so the first request with a name is not compiled.
    expect(await metric('relaylog_graphql_compiled_answers_total')).toBeGreaterThanOrEqual(compiled + 6);
  });

  it('can be sent first with GET', async () => {
    const query = `${QUERY} # by GET`;
    const extensions = JSON.stringify(byHash(hashOf(query)));
    expect(await get({ query, extensions })).toEqual(DATA);
    expect(await get({ extensions })).toEqual(DATA);
  });

  it('of one organization are unknown to another, and are shared by its keys', async () => {
    const query = `${QUERY} # of acme`;
    const extensions = byHash(hashOf(query));
    expect(await post({ query, extensions })).toEqual(DATA);
    expect(await post({ extensions }, await app.key('acme'))).toEqual(DATA);
    expect(await post({ extensions }, await app.key('other'))).toEqual(NOT_FOUND);
  });

  it('are refused without a key', async () => {
    const extensions = byHash(hashOf(QUERY));
    const response = await app.request('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ extensions }),
    });
    expect(response.status).toBe(401);
  });

  it('are not stored under a hash that is not their own', async () => {
    const sha256Hash = hashOf(`${QUERY} # poisoned`);
    const extensions = byHash(sha256Hash);
    expect(await post({ query: QUERY, extensions })).toEqual(MISMATCH);
    expect(await get({ query: QUERY, extensions: JSON.stringify(extensions) })).toEqual(MISMATCH);
    expect(await post({ query: 5, extensions })).toEqual(MISMATCH);
    expect(await post({ extensions })).toEqual(NOT_FOUND);
  });

  it.each([
    ['another version', byHash(hashOf(QUERY), 2)],
    ['no hash', { persistedQuery: { version: 1 } }],
    ['a hash in capital letters', byHash(hashOf(QUERY).toUpperCase())],
    ['a short hash', byHash('abc')],
    ['a text', { persistedQuery: 'x' }],
    ['a list', { persistedQuery: [] }],
  ])('must have the form that is accepted: %s', async (_what, extensions) => {
    const expected = error(
      'extensions.persistedQuery must be {"version": 1, "sha256Hash": "…"}, with the hash as 64 digits 0-9 and a-f.',
      'BAD_USER_INPUT',
    );
    expect(await post({ query: QUERY, extensions })).toEqual(expected);
    expect(await get({ query: QUERY, extensions: JSON.stringify(extensions) })).toEqual(expected);
  });

  it.each([
    ['application/json', 200],
    ['application/graphql-response+json', 400],
  ])('that are unknown get the status of a request that is not valid: %s, %i', async (accept, status) => {
    const response = await app.post(key, { extensions: byHash('0'.repeat(64)) }, { accept });
    expect([response.status, await response.json()]).toEqual([status, NOT_FOUND]);
    expect(response.headers.get('content-type')).toContain(accept);
  });

  it('report parameters that are not valid as other queries do', async () => {
    const query = `${QUERY} # parameters`;
    const extensions = byHash(hashOf(query));
    await post({ query, extensions });
    const response = await app.request(
      `/graphql?${new URLSearchParams({ extensions: JSON.stringify(extensions), variables: '{' })}`,
      { headers: { 'x-api-key': key } },
    );
    expect([response.status, await response.json()]).toEqual([
      400,
      error('The parameter variables is not JSON.', 'BAD_USER_INPUT'),
    ]);
    expect((await app.post(key, { extensions, variables: [1] })).status).toBe(400);
    expect((await app.post(key, { extensions, nonsense: 1 })).status).toBe(400);
  });

  it('pay for being read, as if their text had been sent', async () => {
    const query = `{ viewer { plan limits { queryCost } } ${'__typename '.repeat(300)} }`;
    const extensions = byHash(hashOf(query));
    const cost = async (body: object) => {
      const answer = (await post(body)) as { data: { viewer: { limits: { queryCost: number } } } };
      return answer.data.viewer.limits.queryCost;
    };
    const sent = await cost({ query, extensions });
    expect(sent).toBeGreaterThan(200);
    for (let time = 0; time < 3; time++) expect(await cost({ extensions })).toBe(sent);
    const long = `{ viewer { limits { queryCost } } } #${' '.repeat(50_000)}`;
    const byBytes = await cost({ query: long, extensions: byHash(hashOf(long)) });
    expect(byBytes).toBeGreaterThan(1_000);
    for (let time = 0; time < 3; time++) {
      expect(await cost({ extensions: byHash(hashOf(long)) })).toBeGreaterThan(byBytes - 10);
    }
  });
});

describe('beside allowed operations', () => {
  it('a hash that is not allowed is not supported, and nothing is stored', async () => {
    const file = join(workFolder(), 'operations.json');
    writeFileSync(file, JSON.stringify({ [hashOf(QUERY)]: QUERY }));
    const app = await testApp({ RELAYLOG_GRAPHQL_OPERATIONS_FILE: file });
    const key = await app.key('acme');
    const post = async (body: object) => (await app.post(key, body)).json();
    expect(await post({ extensions: byHash(hashOf(QUERY)) })).toEqual(DATA);
    const other = `${QUERY} # not allowed`;
    const NOT_SUPPORTED = error('PersistedQueryNotSupported', 'PERSISTED_QUERY_NOT_SUPPORTED');
    for (let time = 0; time < 2; time++) {
      expect(await post({ extensions: byHash(hashOf(other)) })).toEqual(NOT_SUPPORTED);
      expect(await post({ query: other, extensions: byHash(hashOf(other)) })).toEqual(
        error(
          'This server executes only allowed operations: send documentId instead of a query.',
          'BAD_USER_INPUT',
        ),
      );
    }
    await app.close();
  });
});

describe('the stored texts', () => {
  const text = (i: number, length: number) => `${i}`.padEnd(length);

  it('of an organization are bounded by their characters, and evict only its own', () => {
    const texts = new PersistedTexts();
    texts.set('quiet', 'hash', 'query');
    for (let i = 0; i < 100; i++)
      texts.set('flooding', hashOf(`${i}`), text(i, PERSISTED.ofOrganization / 10));
    const kept = Array.from({ length: 100 }, (_, i) => texts.get('flooding', hashOf(`${i}`))).filter(Boolean);
    expect(kept).toHaveLength(9);
    expect(texts.evictions).toBe(91);
    expect(texts.get('quiet', 'hash')).toBe('query');
    texts.set('flooding', 'long', text(0, PERSISTED.ofOrganization));
    expect(texts.get('flooding', 'long')).toBeUndefined();
  });

  it('of all organizations are bounded: the one that was not used for longest is forgotten', () => {
    const texts = new PersistedTexts();
    const full = PERSISTED.ofAll / PERSISTED.ofOrganization;
    for (let org = 0; org < 2 * full; org++) {
      for (let i = 0; i < 9; i++) texts.set(`o${org}`, `${i}`, text(i, PERSISTED.ofOrganization / 9 - 10));
      expect(texts.get('o0', '0')).toBeDefined();
    }
    expect(texts.size).toBeLessThanOrEqual(full);
    expect(texts.size).toBeGreaterThan(full * 0.9);
    expect(texts.get('o1', '0')).toBeUndefined();
  });

  it('of organizations with hardly any text are bounded, too', () => {
    const texts = new PersistedTexts();
    for (let org = 0; org < 2 * (PERSISTED.ofAll / PERSISTED.emptyStore); org++)
      texts.set(`o${org}`, 'h', 'x');
    expect(texts.size).toBeLessThan(PERSISTED.ofAll / PERSISTED.emptyStore);
  });
});
