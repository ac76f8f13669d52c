import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { buildSchema, introspectionFromSchema } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { DAY_MS } from '../../src/lib/time-units.ts';
import { TEST_NOW, testApp } from '../support/app.ts';
import { ended, relaylog, type Serving, serving, workFolder } from '../support/cli.ts';
import { stoppingStore } from '../support/stopping-store.ts';

/* Relay, urql and Apollo Client against a running server, set up as docs/graphql.md says. */

const CLIENTS = join(import.meta.dirname, 'graphql');
/** Loads a file of the clients' folder: the project's own type check does not know their packages. */
const load = (file: string) => import(/* @vite-ignore */ join(CLIENTS, file));

/** Paths of the stored logs, newest first. */
const PATHS = Array.from({ length: 7 }, (_, i) => `/v1/things/${i}`);
const OTHER_TYPE = Buffer.from('User:1').toString('base64url');

const schema = introspectionFromSchema(buildSchema(readFileSync('schema.graphql', 'utf8')));
const folder = workFolder();
let server: Serving;
let key: string;
let url: string;

beforeAll(async () => {
  mkdirSync(join(CLIENTS, '__generated__'), { recursive: true });
  const command = [join(CLIENTS, 'node_modules/relay-compiler/cli.js'), 'relay.config.json'];
  const compiled = await ended(spawn(process.execPath, command, { cwd: CLIENTS }));
  expect(compiled.status, compiled.err).toBe(0);
  await relaylog(['orgs', 'create', 'client', '--plan', 'pro'], { folder });
  const scopes = 'logs:read,logs:write';
  const created = await relaylog(['keys', 'create', '--org', 'client', '--scopes', scopes, '--json'], {
    folder,
  });
  key = JSON.parse(created.out).key;
  server = await serving({ folder });
  url = `${server.url}/graphql`;
  const logs = PATHS.map((path, i) => ({
    requestId: `r${i}`,
    createdAt: new Date(Date.now() - 60_000 * (i + 1)).toISOString(),
    method: 'GET',
    path,
    statusCode: 200,
    durationMs: 10 * i,
  }));
  const stored = await fetch(`${server.url}/ingest/v1/request-logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: JSON.stringify(logs),
  });
  expect(stored.status).toBeLessThan(300);
});
afterAll(() => server.stop());

/** A question that has the same answer each time. */
const filter = { path: { startsWith: '/v1/things' } };
const measures = { count: PATHS.length, serverErrorCount: 0, durationMs: { max: 60, p95: 60 } };
const STATISTICS = {
  requestLogStats: {
    measures,
    groups: {
      nodes: [
        {
          key: [
            { dimension: 'METHOD', value: 'GET' },
            { dimension: 'HOST', value: null },
          ],
          measures,
        },
      ],
    },
  },
};

/** Expects `STATISTICS`, and that each list of buckets counts all logs. */
function expectStatistics(data: unknown): void {
  expect(data).toMatchObject(STATISTICS);
  const { buckets, groups } = (data as Statistics).requestLogStats;
  for (const list of [buckets, groups.nodes[0]!.buckets]) {
    expect(list.map(({ measures: { count } }) => count).reduce((a, b) => a + b)).toBe(PATHS.length);
    expect(Math.max(...list.map(({ measures: { durationMs } }) => durationMs.p95 ?? 0))).toBe(60);
  }
}

interface Statistics {
  readonly requestLogStats: {
    readonly buckets: readonly Bucket[];
    readonly groups: { readonly nodes: readonly { readonly buckets: readonly Bucket[] }[] };
  };
}
interface Bucket {
  readonly measures: { readonly count: number; readonly durationMs: { readonly p95: number | null } };
}

describe('Relay', () => {
  const environment = async () => (await load('relay-environment.ts')).relayEnvironment(url, key);

  it('gives fields that fail alone types without null under @throwOnFieldError', () => {
    const types = readFileSync(join(CLIENTS, '__generated__/relayLogs.graphql.ts'), 'utf8');
    expect(types).toMatch(/readonly requestLogs: \{[^}]/);
    expect(types).not.toMatch(/\| null \| undefined;\n {2}readonly " \$fragmentType/);
  });

  it('reads a list page by page with loadNext, and refetches a log by its id', async () => {
    const { readPages, refetch } = await load('relay.ts');
    const relay = await environment();
    const { lengths, ids, paths } = await readPages(relay, 3);
    expect([lengths, paths]).toEqual([[3, 6, 7], PATHS]);
    expect(await refetch(relay, ids[1])).toEqual({ id: ids[1], path: PATHS[1], method: 'GET' });
  });

  it('reads all of a list whose searches stop before a page is full', async () => {
    const app = await testApp({}, (store) => stoppingStore(store, 2));
    const logs = Array.from({ length: 12 }, (_, i) => ({
      organizationId: 'slow',
      requestId: `r${i}`,
      createdAt: TEST_NOW - i * DAY_MS,
      path: `/v1/${i}`,
    }));
    await app.insert(...logs);
    const listener = createServer(getRequestListener(app.app.fetch)).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    const { relayEnvironment } = await load('relay-environment.ts');
    const { readPages } = await load('relay.ts');
    const relay = relayEnvironment(`http://127.0.0.1:${port}/graphql`, await app.key('slow'));
    const { lengths, paths } = await readPages(relay, 5);
    expect(paths).toEqual(logs.map(({ path }) => path));
    // Some pages are shorter than asked.
    expect(lengths.length).toBeGreaterThan(Math.ceil(logs.length / 5));
    vi.restoreAllMocks();
    listener.close();
    await app.close();
  });

  it.each([
    ['x', 'BAD_USER_INPUT'],
    [OTHER_TYPE, 'ID_TYPE_MISMATCH'],
  ])('catches a bad id beside good ones with @catch: %s', async (bad, code) => {
    const { readPages, oneBadId } = await load('relay.ts');
    const relay = await environment();
    const { ids } = await readPages(relay, 1);
    expect(await oneBadId(relay, ids[0], bad)).toEqual({
      good: { ok: true, value: { id: ids[0] } },
      bad: { ok: false, errors: [{ extensions: { code } }] },
      quiet: null,
      nodes: [{ id: ids[0] }, null, { id: ids[0] }],
    });
  });

  it('catches a list that is refused, and keeps the viewer', async () => {
    const { tooMany } = await load('relay.ts');
    expect(await tooMany(await environment())).toEqual({
      requestLogs: { ok: false, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
      viewer: { plan: 'pro' },
    });
  });

  it('merges the fields that two queries select of the viewer', async () => {
    const { viewerOfTwo } = await load('relay.ts');
    expect(await viewerOfTwo(await environment())).toEqual({
      viewer: { plan: 'pro', scopes: ['logs:read', 'logs:write'] },
    });
  });

  it('merges the measures that two queries select of the same statistics', async () => {
    const { measuresOfTwo } = await load('relay.ts');
    const relay = await environment();
    const seen = recordedRequests();
    expectStatistics(await measuresOfTwo(relay, filter));
    expect(seen).toHaveLength(2);
  });
});

interface List {
  readonly edges: readonly { readonly node: { readonly path: string } }[];
  readonly pageInfo: { readonly endCursor: string };
}

interface Seen {
  readonly method: string;
  readonly hasQuery: boolean;
}

/** Records the method of each request of this test, and whether it contains a query. */
function recordedRequests(): readonly Seen[] {
  const seen: Seen[] = [];
  const send = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init = {}) => {
    const { method = 'GET', body } = init;
    const parameters =
      method === 'GET' ? Object.fromEntries(new URL(String(input)).searchParams) : JSON.parse(String(body));
    seen.push({ method, hasQuery: Boolean(parameters.query) });
    return send(input, init);
  });
  return seen;
}

afterEach(() => {
  vi.restoreAllMocks();
});

const BY_HASH = { method: 'GET', hasQuery: false };

describe('urql', () => {
  it('reads pages into one list, and sends each query only once', async () => {
    const [{ urqlClient }, { logsQuery }] = [await load('urql.ts'), await load('queries.ts')];
    const logs = logsQuery('UrqlLogs');
    const seen = recordedRequests();
    const client = urqlClient(url, key, schema);
    let after: string | null = null;
    let read: List['edges'] = [];
    for (const requests of [2, 3, 4]) {
      const answer: { data: { requestLogs: List } } = await client
        .query(logs, { first: 3, after })
        .toPromise();
      read = answer.data.requestLogs.edges;
      after = answer.data.requestLogs.pageInfo.endCursor;
      expect(seen).toHaveLength(requests);
    }
    expect(read.map(({ node }) => node.path)).toEqual(PATHS);
    expect(seen).toEqual([BY_HASH, { method: 'GET', hasQuery: true }, BY_HASH, BY_HASH]);
  });

  it('keeps the good nodes beside a bad id', async () => {
    const [{ urqlClient }, { logsQuery, NODES }] = [await load('urql.ts'), await load('queries.ts')];
    const logs = logsQuery('UrqlLogs');
    const client = urqlClient(url, key, schema);
    const page = await client.query(logs, { first: 1 }).toPromise();
    const { id } = page.data.requestLogs.edges[0].node;
    const { data, error } = await client.query(NODES, { ids: [id, 'x', id] }).toPromise();
    const node = { id, method: 'GET' };
    expect(data.nodes).toEqual([node, null, node]);
    expect(error.graphQLErrors).toMatchObject([{ path: ['nodes', 1] }]);
  });

  it('merges the fields that two queries select of the viewer', async () => {
    const [{ urqlClient }, { PLAN, SCOPES, BOTH }] = [await load('urql.ts'), await load('queries.ts')];
    const client = urqlClient(url, key, schema);
    await client.query(PLAN, {}).toPromise();
    await client.query(SCOPES, {}).toPromise();
    const { data } = client.readQuery(BOTH, {}) ?? {};
    expect(data?.viewer).toMatchObject({ plan: 'pro', scopes: ['logs:read', 'logs:write'] });
  });

  it('merges the measures that two queries select of the same statistics', async () => {
    const [{ urqlClient }, queries] = [await load('urql.ts'), await load('queries.ts')];
    const client = urqlClient(url, key, schema);
    for (const query of [queries.COUNTS, queries.DURATIONS]) {
      const { error } = await client.query(query, { filter }).toPromise();
      expect(error).toBeUndefined();
    }
    expectStatistics(client.readQuery(queries.COUNTS_AND_DURATIONS, { filter })?.data);
  });
});

describe('Apollo Client', () => {
  it('reads pages into one list, and sends each query only once', async () => {
    const [{ apolloClient }, { logsQuery }] = [await load('apollo.ts'), await load('queries.ts')];
    const logs = logsQuery('ApolloLogs');
    const seen = recordedRequests();
    const client = apolloClient(url, key);
    await client.query({ query: logs, variables: { first: 3 } });
    const list = client.watchQuery({ query: logs, variables: { first: 3 } });
    const watching = list.subscribe(() => undefined);
    const read = () => client.readQuery({ query: logs, variables: { first: 3 } }).requestLogs;
    for (let page = 0; page < 2; page++) {
      await list.fetchMore({ variables: { after: read().pageInfo.endCursor } });
    }
    const { edges } = read();
    expect(edges.map(({ node }: { node: { path: string } }) => node.path)).toEqual(PATHS);
    expect(seen).toEqual([BY_HASH, { method: 'POST', hasQuery: true }, BY_HASH, BY_HASH]);
    watching.unsubscribe();
    client.stop();
  });

  it('keeps the good nodes beside a bad id', async () => {
    const [{ apolloClient }, { logsQuery, NODES }] = [await load('apollo.ts'), await load('queries.ts')];
    const logs = logsQuery('ApolloLogs');
    const client = apolloClient(url, key);
    const page = await client.query({ query: logs, variables: { first: 1 } });
    const { id } = page.data.requestLogs.edges[0].node;
    const { data, error } = await client.query({
      query: NODES,
      variables: { ids: [id, 'x', id] },
      errorPolicy: 'all',
    });
    expect(data.nodes).toMatchObject([{ id, method: 'GET' }, null, { id, method: 'GET' }]);
    expect(error.errors).toMatchObject([{ path: ['nodes', 1] }]);
    client.stop();
  });

  it('merges the fields that two queries select of the viewer', async () => {
    const [{ apolloClient }, { PLAN, SCOPES, BOTH }] = [await load('apollo.ts'), await load('queries.ts')];
    const client = apolloClient(url, key);
    await client.query({ query: PLAN });
    await client.query({ query: SCOPES });
    expect(client.readQuery({ query: BOTH })?.viewer).toMatchObject({
      plan: 'pro',
      scopes: ['logs:read', 'logs:write'],
    });
    client.stop();
  });

  it('merges the measures that two queries select of the same statistics', async () => {
    const [{ apolloClient }, queries] = [await load('apollo.ts'), await load('queries.ts')];
    const client = apolloClient(url, key);
    for (const query of [queries.COUNTS, queries.DURATIONS])
      await client.query({ query, variables: { filter } });
    expectStatistics(client.readQuery({ query: queries.COUNTS_AND_DURATIONS, variables: { filter } }));
    client.stop();
  });
});

it('both report it if only allowed operations are executed', async () => {
  const allowed = workFolder();
  const file = join(allowed, 'operations.json');
  const query = 'query Plan {\n  viewer {\n    id\n    plan\n    __typename\n  }\n}';
  const hash = createHash('sha256').update(query).digest('hex');
  writeFileSync(file, JSON.stringify({ [hash]: query }));
  const other = await serving({ folder, environment: { RELAYLOG_GRAPHQL_OPERATIONS_FILE: file } });
  try {
    const queries = await load('queries.ts');
    const apollo = (await load('apollo.ts')).apolloClient(`${other.url}/graphql`, key);
    const { data } = await apollo.query({ query: queries.PLAN });
    expect(data.viewer.plan).toBe('pro');
    await expect(apollo.query({ query: queries.SCOPES })).rejects.toThrow('executes only allowed operations');
    apollo.stop();
    const urql = (await load('urql.ts')).urqlClient(`${other.url}/graphql`, key, schema);
    expect((await urql.query(queries.PLAN, {}).toPromise()).data.viewer.plan).toBe('pro');
    const { error } = await urql.query(queries.SCOPES, {}).toPromise();
    expect(error.message).toContain('executes only allowed operations');
  } finally {
    await other.stop();
  }
});
