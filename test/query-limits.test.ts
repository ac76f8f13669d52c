import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildClientSchema, getIntrospectionQuery, printSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schema } from '../src/graphql/schema.ts';
import { type TestApp, testApp } from './support/app.ts';
import { workFolder } from './support/cli.ts';
import { HIGH_LIMIT } from './support/with-high-limits.ts';
import { wrapStore } from './support/wrap-store.ts';

const LIMITS = {
  RELAYLOG_GRAPHQL_MAX_COST: '300',
  RELAYLOG_GRAPHQL_MAX_DEPTH: '4',
  RELAYLOG_GRAPHQL_MAX_ALIASES: '3',
  RELAYLOG_GRAPHQL_MAX_DIRECTIVES: '2',
  RELAYLOG_GRAPHQL_MAX_TOKENS: '120',
};
/** Store calls that authenticate the caller. */
const ACCESS = ['findKeyOwner', 'recordKeyUse', 'secret'];

describe('a query', () => {
  let app: TestApp;
  let key: string;
  const calls: string[] = [];
  beforeAll(async () => {
    app = await testApp(LIMITS, (store) => wrapStore(store, (method) => calls.push(method)));
    key = await app.key('acme');
    await app.insert({ organizationId: 'acme' });
  });
  afterAll(() => app.close());

  const alias = (count: number) => Array.from({ length: count }, (_, i) => `a${i}: __typename`).join(' ');
  const skip = (count: number) =>
    `${Array.from({ length: count }, () => '... @skip(if: false) { __typename }').join(' ')}`;
  const nested = (levels: number) =>
    `{ requestLogs(first: 1) ${['{ edges', '{ node', '{ path'].slice(0, levels - 1).join(' ')}${' }'.repeat(levels)}`;

  it.each<[string, string, string]>([
    [
      'cost',
      '{ requestLogs(first: 75) { edges { cursor node { path } } } }',
      'The query costs 301, and the limit is 300: request smaller pages, fewer fields or fewer counts, or send fewer values in variables.',
    ],
    ['aliases', `{ ${alias(4)} }`, 'The query has 4 aliases; at most 3 are accepted.'],
    ['directives', `{ ${skip(3)} }`, 'The query has 3 directives; at most 2 are accepted.'],
    ['tokens', `{ ${'__typename '.repeat(119)} }`, 'more than 120 tokens'],
    ['comments', `{ __typename }${'\n#'.repeat(121)}`, 'more than 120 comments'],
  ])('above the limit of %s is rejected before any log is read', async (_what, query, message) => {
    calls.length = 0;
    const { errors, data } = await app.graphql(key, query);
    expect(errors).toHaveLength(1);
    expect(errors![0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(errors![0]!.message).toContain(message);
    expect(data).toBeUndefined();
    expect(calls.filter((name) => !ACCESS.includes(name))).toEqual([]);
  });

  it.each([
    ['cost', '{ requestLogs(first: 74) { edges { cursor node { path } } } }'],
    ['aliases', `{ ${alias(3)} }`],
    ['directives', `{ ${skip(2)} }`],
    ['tokens', `{ ${'__typename '.repeat(118)} }`],
    ['depth', nested(4)],
  ])('at the limit of %s is answered, also when it is repeated', async (_what, query) => {
    for (let i = 0; i < 2; i++) expect((await app.graphql(key, query)).errors).toBeUndefined();
  });

  it('above the limit of depth is rejected', async () => {
    const shallow = await testApp({ RELAYLOG_GRAPHQL_MAX_DEPTH: '3' });
    const { errors } = await shallow.graphql(await shallow.key('acme'), nested(4));
    expect(errors![0]!.message).toBe('The query is 4 levels deep; at most 3 are accepted.');
    await shallow.close();
  });

  it('that exceeded a limit is rejected again when it is repeated', async () => {
    for (let i = 0; i < 2; i++) {
      expect((await app.graphql(key, `{ ${alias(5)} }`)).errors![0]!.message).toContain('5 aliases');
    }
  });

  it('is charged for the operation that it runs, not for the first one of the document', async () => {
    const query =
      'query Cheap { viewer { plan } } query Costly { requestLogs(first: 100) { edges { cursor node { path } } } }';
    const run = async (operationName: string) => {
      const response = await app.post(key, { query, operationName });
      return (await response.json()) as { errors?: { message: string }[] };
    };
    expect((await run('Cheap')).errors).toBeUndefined();
    expect((await run('Costly')).errors![0]!.message).toContain('costs 401');
  });

  it('in a batch is rejected, because batches are not supported', async () => {
    const query = '{ viewer { plan } }';
    const response = await app.post(key, [{ query }, { query }]);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it('can read the limits that apply', async () => {
    const { data } = await app.graphql<{ viewer: { limits: object } }>(
      key,
      '{ viewer { limits { maxQueryCost maxQueryDepth maxQueryAliases maxQueryDirectives maxQueryTokens maxBatchSize maxIngestLogs signaPerMinute } } }',
    );
    expect(data.viewer.limits).toEqual({
      maxQueryCost: 300,
      maxQueryDepth: 4,
      maxQueryAliases: 3,
      maxQueryDirectives: 2,
      maxQueryTokens: 120,
      maxBatchSize: 1,
      maxIngestLogs: 10_000,
      signaPerMinute: HIGH_LIMIT,
    });
  });
});

describe('introspection', () => {
  const query = getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true, oneOf: true });

  it('returns the complete schema within the default limits', async () => {
    const app = await testApp();
    const { data } = await app.graphql(await app.key('acme'), query);
    expect(printSchema(buildClientSchema(data as never))).toBe(printSchema(schema));
    await app.close();
  });

  it('can be disabled', async () => {
    const app = await testApp({ RELAYLOG_GRAPHQL_INTROSPECTION: 'off' });
    const key = await app.key('acme');
    const { errors, data } = await app.graphql(key, query);
    expect(data).toBeUndefined();
    expect(errors![0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect((await app.graphql(key, '{ __typename viewer { plan } }')).errors).toBeUndefined();
    await app.close();
  });
});

describe('allowed operations', () => {
  const file = join(workFolder(), 'operations.json');
  const environment = { RELAYLOG_GRAPHQL_OPERATIONS_FILE: file };

  it('are answered by their ids; all other queries are rejected', async () => {
    writeFileSync(
      file,
      JSON.stringify({
        plan: '{ viewer { plan } }',
        one: 'query ($r: String!) { requestLog(requestId: $r) { path } }',
      }),
    );
    const app = await testApp(environment);
    const key = await app.key('acme');
    await app.insert({ organizationId: 'acme', requestId: 'x', path: '/x' });
    const post = async (body: object) => (await (await app.post(key, body)).json()) as object;
    expect(await post({ documentId: 'one', variables: { r: 'x' } })).toEqual({
      data: { requestLog: { path: '/x' } },
    });
    const answer = { data: { viewer: { plan: 'archive' } } };
    const apollo = { extensions: { persistedQuery: { version: 1, sha256Hash: 'plan' } } };
    expect(await post(apollo)).toEqual(answer);
    const got = await app.request('/graphql?documentId=plan', { headers: { 'x-api-key': key } });
    expect(await got.json()).toEqual(answer);
    const rejected = (message: string) => ({ errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(await post({ query: '{ viewer { plan } }' })).toEqual(
      rejected('This server executes only allowed operations: send documentId instead of a query.'),
    );
    expect(await post({ documentId: 'toString' })).toEqual(rejected('No allowed operation has this id.'));
    expect(await post({ variables: {} })).toEqual(
      rejected('Send the id of an allowed operation as documentId.'),
    );
    await app.close();
  });

  it.each([
    ['{', 'must name a JSON file'],
    ['{"a": 1}', 'must name a JSON file'],
    ['{"a": "{ nonsense }"}', 'a: Cannot query field "nonsense"'],
    ['{"a": "{"}', 'a: Syntax Error'],
  ])('from a file that contains %s are rejected at startup', async (text, message) => {
    writeFileSync(file, text);
    await expect(testApp(environment)).rejects.toThrow(message);
  });
});
