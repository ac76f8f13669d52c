import { assertObjectType, type GraphQLFieldResolver } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FALLBACK_REASONS } from '../src/graphql/compiled/bail-out.ts';
import { schema } from '../src/graphql/schema.ts';
import { clientDisconnected } from '../src/store/read-budget.ts';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';

const QUERY = 'query Faulty { requestLogs(first: 2) { nodes { requestId } } }';
const METRIC = 'relaylog_graphql_compiled_fallbacks_total';

let app: TestApp;
let key: string;
let lines: Record<string, unknown>[] = [];

beforeAll(async () => {
  app = await testApp(
    { RELAYLOG_LOG_LEVEL: 'error' },
    (store) => store,
    (line) => lines.push(JSON.parse(line)),
  );
  key = await app.key('acme');
  await app.insert({}, {});
});
afterAll(() => app.close());

async function fallbacks(reason: string): Promise<number> {
  const text = await (await app.request('/metrics')).text();
  return Number(new RegExp(`^${METRIC}\\{reason="${reason}"\\} (\\d+)$`, 'm').exec(text)?.[1]);
}

/** Makes the next call of the resolver of RequestLog.requestId fail; later calls succeed. */
function failOnce(error: Error): void {
  const field = assertObjectType(schema.getType('RequestLog')).getFields().requestId!;
  const resolve = field.resolve as GraphQLFieldResolver<unknown, unknown>;
  field.resolve = () => {
    field.resolve = resolve;
    throw error;
  };
}

it('the metric has a sample for each reason from the start', async () => {
  for (const reason of Object.keys(FALLBACK_REASONS)) expect(await fallbacks(reason)).toBe(0);
});

it('a fault in the compiled executor is logged with the operation and counted, and graphql-js answers the request', async () => {
  const first = await app.graphql(key, QUERY);
  expect(await app.graphql(key, QUERY)).toEqual(first);
  expect(await fallbacks('fault')).toBe(0);
  lines = [];

  failOnce(new TypeError('injected'));
  expect(await app.graphql(key, QUERY)).toEqual(first);

  expect(await fallbacks('fault')).toBe(1);
  expect(lines).toEqual([
    expect.objectContaining({
      level: 50,
      operation: 'Faulty',
      requestId: expect.stringMatching(/^req_/),
      err: expect.objectContaining({ type: 'TypeError', message: 'injected' }),
    }),
  ]);
});

it('an expected error and a bail-out are counted and not logged', async () => {
  lines = [];
  const before = await fallbacks('expected_error');
  const bad = `query Bad($n: Int) { requestLogs(first: $n) { nodes { requestId } } }`;
  await app.graphql(key, bad, { n: 1 });
  expect((await app.graphql(key, bad, { n: 1000 })).errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT' } },
  ]);
  expect(await fallbacks('expected_error')).toBe(before + 1);
  await app.graphql(key, bad, { n: 'one' });
  expect(await fallbacks('variables')).toBe(1);
  await app.graphql(key, '{ viewer { __typename } __schema { __typename } }');
  expect(await fallbacks('unknown_operation')).toBeGreaterThan(0);
  expect(lines).toEqual([]);
});

it('an operation whose client disconnects is compiled, and is not executed again', async () => {
  lines = [];
  const query = 'query Left { requestLogs(first: 2) { nodes { requestId method } } }';
  const gone = { status: 499, errors: [{ extensions: { code: 'CLIENT_CLOSED_REQUEST' } }] };
  const before = await fallbacks('unknown_operation');
  failOnce(clientDisconnected());
  expect(await app.graphql(key, query)).toMatchObject(gone);
  expect(await fallbacks('unknown_operation')).toBe(before + 1);
  failOnce(clientDisconnected());
  expect(await app.graphql(key, query)).toMatchObject(gone);
  expect(await app.graphql(key, query)).toMatchObject({ status: 200, data: { requestLogs: {} } });
  expect(await fallbacks('unknown_operation')).toBe(before + 1);
  expect(lines).toEqual([]);
});

it('a backward page keeps its row order when graphql-js answers it after a fault', async () => {
  await app.insert(
    { requestId: 'r2', createdAt: TEST_NOW - 3_000 },
    { requestId: 'r3', createdAt: TEST_NOW - 2_000 },
  );
  const query = 'query Backward { requestLogs(last: 3) { nodes { requestId } } }';
  const first = await app.graphql(key, query);
  failOnce(new TypeError('injected'));
  expect(await app.graphql(key, query)).toEqual(first);
});
