import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoLogs } from '../../src/demo/demo-logs.ts';
import { TEST_NOW, type TestApp, testApp } from '../support/app.ts';
import { type Known, RandomOperation } from './random-operation.ts';
import { openApiOperations, randomQuery } from './random-query.ts';
import { trials } from './trials.ts';
import { uniform } from './uniform.ts';
import { type Answer, wellFormed } from './well-formed.ts';

const OPERATIONS = trials('RELAYLOG_LONG_OPERATIONS', 20_000);
const QUERIES = trials('RELAYLOG_LONG_QUERIES', 20_000);
const BODIES = trials('RELAYLOG_LONG_BODIES', 3_000);

describe('every response is well-formed and no 5xx', () => {
  let app: TestApp;
  let key: string;
  let known: Known;
  let cursors: { graphql: string; scrip: string; signa: string };
  beforeAll(async () => {
    app = await testApp();
    key = await app.key('acme');
    await app.store.insert(demoLogs({ organizationId: 'acme', count: 300, days: 1, now: TEST_NOW }));
    const { data } = await app.graphql<{
      requestLogs: { edges: { cursor: string; node: { id: string; requestId: string } }[] };
    }>(key, '{ requestLogs(first: 3) { edges { cursor node { id requestId } } } }');
    const { edges } = data.requestLogs;
    const scrip = (await (await rest('/v1/logs?limit=1')).json()) as {
      data: { id: string }[];
      pagination: { next_cursor: string };
    };
    const signa = (await (await rest('/v1/organization/logs?limit=1')).json()) as {
      pagination: { cursor: string };
    };
    cursors = {
      graphql: edges[0]!.cursor,
      scrip: scrip.pagination.next_cursor,
      signa: signa.pagination.cursor,
    };
    known = [
      ...Object.values(cursors),
      scrip.data[0]!.id,
      ...edges.flatMap(({ cursor, node }) => [cursor, node.id, node.requestId]),
      'GET',
      '/v1/participants',
      'key_1',
    ];
  });
  afterAll(() => app.close());

  const rest = (path: string) => app.request(path, { headers: { authorization: `Bearer ${key}` } });
  const post = (path: string, body: BodyInit) =>
    app.request(path, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      body,
    });
  const check = (property: fc.IAsyncProperty<[fc.GeneratorValue]>, numRuns: number) =>
    fc.assert(property, { numRuns, endOnFailure: true });

  it(`to ${OPERATIONS} random operations of the schema`, async () => {
    const outcomes = new Outcomes();
    const property = fc.asyncProperty(fc.gen(), async (g) => {
      const query = new RandomOperation(g, known).text();
      outcomes.add(await wellFormed('graphql', post('/graphql', JSON.stringify({ query }))));
    });
    await check(property, OPERATIONS);
    outcomes.print('operations');
    expect(outcomes.of('data')).toBeGreaterThan(OPERATIONS / 20);
    expect(outcomes.of('errors')).toBeGreaterThan(OPERATIONS / 20);
  });

  it(`to ${QUERIES} random REST calls that follow the served OpenAPI document`, async () => {
    const document = await (await app.request('/openapi.json')).json();
    const operations = openApiOperations(document);
    expect(operations.length).toBeGreaterThanOrEqual(4);
    const outcomes = new Outcomes();
    const property = fc.asyncProperty(fc.gen(), async (g) => {
      const operation = operations[g(uniform, 0, operations.length - 1)]!;
      const path = randomQuery(g, operation, known);
      const api = path.startsWith('/v1/organization') ? 'signa' : 'scrip';
      outcomes.add(await wellFormed(api, rest(path)));
    });
    await check(property, QUERIES);
    outcomes.print('REST calls');
    expect(outcomes.of(200)).toBeGreaterThan(QUERIES / 20);
    expect(outcomes.of(400)).toBeGreaterThan(QUERIES / 20);
  });

  it(`to ${BODIES} random bodies sent to ingest and to GraphQL`, async () => {
    const outcomes = new Outcomes();
    const property = fc.asyncProperty(fc.gen(), async (g) => {
      const json = g(fc.json, { maxDepth: 4, stringUnit: 'binary' });
      const log = `{"createdAt":${TEST_NOW},"method":"GET","path":"/","statusCode":200,"requestBody":${json},"requestHeaders":${json}}`;
      const bytes = new TextEncoder().encode(g(fc.boolean) ? `[${log},${json}]` : json);
      if (g(uniform, 0, 3) === 0) bytes[g(uniform, 0, bytes.length)] = g(uniform, 0, 255);
      if (g(fc.boolean)) outcomes.add(await wellFormed('ingest', post('/ingest/v1/request-logs', bytes)));
      else outcomes.add(await wellFormed('graphql', post('/graphql', bytes)));
    });
    await check(property, BODIES);
    outcomes.print('bodies');
  });

  it('rejects a cursor with any changed byte, and truncated and extended cursors, with 400', async () => {
    const apis = [
      [
        'graphql',
        cursors.graphql,
        (cursor: string) =>
          post(
            '/graphql',
            JSON.stringify({
              query: `{ requestLogs(first: 1, after: ${JSON.stringify(cursor)}) { nodes { id } } }`,
            }),
          ),
      ],
      [
        'scrip',
        cursors.scrip,
        (cursor: string) => rest(`/v1/logs?limit=1&cursor=${encodeURIComponent(cursor)}`),
      ],
      [
        'signa',
        cursors.signa,
        (cursor: string) => rest(`/v1/organization/logs?limit=1&cursor=${encodeURIComponent(cursor)}`),
      ],
    ] as const;
    let count = 0;
    for (const [api, cursor, request] of apis) {
      expect((await wellFormed(api, request(cursor))).status).toBe(200);
      for (const changed of changedCursors(cursor)) {
        const { status, body } = await wellFormed(api, request(changed));
        if (api === 'graphql')
          expect(body).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
        else expect({ changed, status }).toEqual({ changed, status: 400 });
        count += 1;
      }
    }
    console.log({ 'changed cursors': count });
    expect(count).toBeGreaterThan(10_000);
  });
});

/** Yields each cursor that differs from this one in one byte, in one character of its text, or in its length. */
function* changedCursors(cursor: string): Generator<string> {
  const bytes = Buffer.from(cursor, 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    for (let value = 0; value < 256; value++) {
      if (value === bytes[at]) continue;
      const changed = Buffer.from(bytes);
      changed[at] = value;
      yield changed.toString('base64url');
    }
    yield bytes.subarray(0, at).toString('base64url') || '=';
  }
  for (let at = 0; at < cursor.length; at++) {
    for (const other of ['=', '+', '/', ' ', '\0', 'é', '"', '']) {
      yield cursor.slice(0, at) + other + cursor.slice(at + 1);
    }
  }
  for (const more of ['A', 'AAAA', '==', cursor]) yield cursor + more;
}

/** Counts responses by status, and by whether they have data or errors. */
class Outcomes {
  readonly #counts = new Map<string, number>();

  add({ status, body }: Answer): void {
    const parts =
      typeof body === 'object' && body !== null
        ? Object.keys(body).filter((part) => part === 'data' || part === 'errors')
        : [];
    for (const kind of [String(status), ...parts]) this.#counts.set(kind, this.of(kind) + 1);
  }

  of(kind: string | number): number {
    return this.#counts.get(String(kind)) ?? 0;
  }

  print(label: string): void {
    console.log({ [label]: Object.fromEntries(this.#counts) });
  }
}
