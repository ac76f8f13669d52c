import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIRST_TIME } from '../../../test/store/consumptions.ts';
import { expectedPage } from '../../../test/store/oracle.ts';
import { recorded, SAMPLE_TIME, sampleLog } from '../../../test/store/samples.ts';
import { temporaryStoreUrl } from '../../../test/store/temporary.ts';
import { newApiKey } from '../../access/api-key.ts';
import { DAY_MS } from '../../lib/time-units.ts';
import { MATCH_ALL } from '../../log/filter.ts';
import type { LogQuery } from '../../log/query.ts';
import type { RequestLog } from '../../log/request-log.ts';
import { searchFilter } from '../../log/search.ts';
import { deleteOrganization, eraseLogs } from '../../retention/erase.ts';
import { bucketName } from '../bucket.ts';
import { ERASABLE_FIELDS } from '../erasure.ts';
import { openStore } from '../open-store.ts';
import { ROLL_UPS } from '../roll-ups/declared.ts';
import type { Store } from '../store.ts';
import { Database } from './database.ts';
import { SqliteOperations } from './operations.ts';
import { insertRow } from './schema/insert-row.ts';
import { MAX_CHUNKS } from './text/ranges.ts';

const ORGANIZATIONS = ['zebra-org', 'heron-org', 'otter-org'] as const;
const ROUTES = ['/a', '/b', '/c'];
const TEXT = 'x'.repeat(700);

const queryOf = (organizationId: string, filter: LogQuery['filter'] = MATCH_ALL): LogQuery => ({
  scope: { organizationId, visibleFrom: null },
  filter,
  sort: 'createdAt',
  direction: 'asc',
  limit: 10_000,
});

/** The names of the store's files that contain a text. */
function filesWith(url: string, text: string | Buffer): string[] {
  const folder = dirname(url.replace('sqlite:', ''));
  return readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(text));
}

/** A store that a server has open, and the same store as a command opens it, with logs, keys and rate limits. */
async function filledStore(order: readonly number[]) {
  const url = temporaryStoreUrl();
  const server = await openStore(url);
  const command = await openStore(url, { inline: true });
  for (const id of ORGANIZATIONS) {
    await server.createOrganization({ id, plan: 'archive', createdAt: SAMPLE_TIME });
    await server.consume(bucketName('ingest', id), {
      capacity: 9,
      fillMs: 9e12,
      cost: 1,
      now: FIRST_TIME,
      isWithinShare: true,
      isStarving: false,
    });
  }
  const logs = order.map((i) =>
    sampleLog({
      organizationId: ORGANIZATIONS[i % 3]!,
      requestId: `request-${i}-only`,
      createdAt: SAMPLE_TIME + ((i * 7) % 97) * 1000,
      routePattern: `/v1/routes/${i % 11}`,
      apiKeyId: `apikey-${'abcdefgh'[i % 7]}-only`,
      consumerId: `consumer-${'abcdefgh'[i % 5]}-only`,
      path: `/v1/${TEXT}`,
    }),
  );
  // Insertions in random order, and deletions between them, leave stale copies of rows in pages that SQLite rebalances.
  for (let i = 0; i < logs.length; i += 40) {
    await server.insert(
      logs.slice(i, i + 40).map((log) => ({
        log,
        payload: {
          requestHeaders: { key: log.apiKeyId },
          requestBody: null,
          responseHeaders: null,
          responseBody: TEXT,
        },
      })),
    );
    await server.deleteBefore(ORGANIZATIONS[(i / 40) % 3]!, SAMPLE_TIME + 9_000, 5);
  }
  while (await server.rollUpStep(SAMPLE_TIME + DAY_MS));
  return { url, server, command, logs: await allLogs(server) };
}

/** The numbers of the signatures of which chunks are stored. */
function signaturesOf(url: string): unknown[] {
  return read(url, `SELECT DISTINCT id / ${MAX_CHUNKS} AS number FROM text_signatures`);
}

function rangesOf(url: string): unknown[] {
  return read(url, 'SELECT * FROM text_ranges');
}

function read(url: string, statement: string): unknown[] {
  const db = new DatabaseSync(url.replace('sqlite:', ''));
  const rows = db.prepare(statement).all();
  db.close();
  return rows;
}

/** The tables of roll-ups that have a row of an organization, or one whose key has the number of a name that does not exist. */
function rollUpsOf(url: string, organizationId: string): unknown[] {
  const db = new DatabaseSync(url.replace('sqlite:', ''));
  const number = `(SELECT number FROM names WHERE name = '${organizationId}')`;
  const rows = db
    .prepare(
      `SELECT roll_up, key FROM roll_up_days WHERE organization_id = ${number}
         OR roll_up IN (${INTERNED}) AND substr(key, 2, 1) <> 'n'
            AND CAST(substr(key, 2) AS INTEGER) NOT IN (SELECT number FROM names)`,
    )
    .all();
  db.close();
  return rows;
}

/** The roll-ups whose first dimension is a number of a name: routes, API keys and consumers. */
const INTERNED = ROLL_UPS.filter(({ by }) =>
  ['ROUTE_PATTERN', 'API_KEY_ID', 'CONSUMER_ID'].includes(by[0] ?? ''),
).map(({ code }) => code);

async function allLogs(store: Store): Promise<RequestLog[]> {
  const found = await Promise.all(ORGANIZATIONS.map((id) => store.find(queryOf(id))));
  return found.flat();
}

const anyOrder = fc.shuffledSubarray([...Array(240).keys()], { minLength: 120 });

describe('after an erasure', () => {
  it('no file of the store contains a byte of the value, and all other logs are unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyOrder,
        fc.constantFrom(...ERASABLE_FIELDS),
        fc.nat(),
        async (order, field, pick) => {
          const { url, server, command, logs } = await filledStore(order);
          const value = logs[pick % logs.length]![field]!;
          expect(filesWith(url, value)).not.toEqual([]);
          for (const organizationId of ORGANIZATIONS) {
            await eraseLogs(command, { organizationId, match: { field, value } }, { rewrite: true });
          }
          expect(filesWith(url, value)).toEqual([]);
          expect(rollUpsOf(url, 'no-org')).toEqual([]);
          const kept = logs.filter((log) => log[field] !== value);
          for (const store of [server, command]) expect(await allLogs(store)).toEqual(kept);
          for (const routePattern of new Set(logs.map((log) => log.routePattern))) {
            const asked = queryOf('zebra-org', { op: 'eq', field: 'routePattern', value: routePattern });
            expect(await server.find(asked)).toEqual(expectedPage(kept, asked));
          }
          await Promise.all([server.close(), command.close()]);
          expect(filesWith(url, value)).toEqual([]);
        },
      ),
      { numRuns: 4 },
    );
  });

  it('no file contains a byte of a deleted organization, its keys and its logs', async () => {
    await fc.assert(
      fc.asyncProperty(anyOrder, async (order) => {
        const { url, server, command, logs } = await filledStore(order);
        const { record } = newApiKey(
          { organizationId: 'zebra-org', scopes: ['logs:read'], expiresAt: null },
          1,
        );
        await server.createKey(record);
        const secrets = ['zebra-org', record.id, record.hash, record.prefix];
        for (const text of secrets) expect(filesWith(url, text)).not.toEqual([]);
        expect(rollUpsOf(url, 'zebra-org')).not.toEqual([]);
        await deleteOrganization(command, 'zebra-org', { rewrite: true });
        expect(rollUpsOf(url, 'zebra-org')).toEqual([]);
        for (const text of secrets) expect(filesWith(url, text)).toEqual([]);
        expect(await allLogs(server)).toEqual(logs.filter((log) => log.organizationId !== 'zebra-org'));
        await Promise.all([server.close(), command.close()]);
      }),
      { numRuns: 2 },
    );
  });

  it('the text index holds nothing of what was erased, purged or deleted, and searches find the rest', async () => {
    const url = temporaryStoreUrl();
    const store = await openStore(url, { inline: true });
    await store.createOrganization({ id: 'acme', plan: 'archive', createdAt: SAMPLE_TIME });
    const logs = Array.from({ length: 60_000 }, (_, i) =>
      sampleLog({
        requestId: `r${i}`,
        createdAt: SAMPLE_TIME + i,
        path: i % 20_000 === 77 ? `/v1/planted-${i}` : `/v1/things/${i % 50}`,
        consumerId: i === 20_077 ? 'planted-consumer' : null,
      }),
    );
    for (let i = 0; i < logs.length; i += 20_000) await store.insert(logs.slice(i, i + 20_000).map(recorded));
    const index = async () => {
      while (await store.textIndexStep(Date.now() + DAY_MS));
    };
    const found = async (text: string) =>
      (await store.find({ ...queryOf('acme', searchFilter(text)), fields: ['path'] })).map(
        ({ path }) => path,
      );
    await index();
    expect(signaturesOf(url)).toHaveLength(3);
    expect(await found('PLANTED')).toEqual(['/v1/planted-77', '/v1/planted-20077', '/v1/planted-40077']);

    const erased = logs[20_077]!;
    await eraseLogs(
      store,
      { organizationId: 'acme', match: { field: 'consumerId', value: 'planted-consumer' } },
      { rewrite: true },
    );
    expect(signaturesOf(url)).toHaveLength(2);
    for (const text of [
      'planted-consumer',
      'planted-20077',
      Buffer.from(erased.id.replaceAll('-', ''), 'hex'),
    ]) {
      expect(filesWith(url, text)).toEqual([]);
    }
    expect(await found('PLANTED')).toEqual(['/v1/planted-77', '/v1/planted-40077']);
    await index();
    expect(signaturesOf(url)).toHaveLength(3);
    expect(await found('PLANTED')).toEqual(['/v1/planted-77', '/v1/planted-40077']);

    await store.deleteBefore('acme', SAMPLE_TIME + 78, 1_000);
    expect(signaturesOf(url)).toHaveLength(2);
    expect(await found('PLANTED')).toEqual(['/v1/planted-40077']);

    await deleteOrganization(store, 'acme', { rewrite: true });
    expect(signaturesOf(url)).toEqual([]);
    expect(rangesOf(url)).toEqual([]);
    expect(await found('PLANTED')).toEqual([]);
    await store.close();
  });

  it('the file is smaller if it was rewritten', async () => {
    const { url, server, command } = await filledStore([...Array(240).keys()]);
    const size = () => readFileSync(url.replace('sqlite:', '')).length;
    await deleteOrganization(command, 'zebra-org', { rewrite: false });
    const before = size();
    await command.cleanUp({ rewrite: true });
    expect(size()).toBeLessThan(before * 0.8);
    await Promise.all([server.close(), command.close()]);
  });
});

describe('deleted names', () => {
  const openOn = (file: string) => new SqliteOperations(new Database({ file, busyMs: 0, cacheKib: 1024 }));
  const newFile = () => temporaryStoreUrl().replace('sqlite:', '');
  const routed = (requestId: string, routePattern: string, organizationId = 'acme') =>
    recorded(sampleLog({ requestId, routePattern, organizationId, consumerId: routePattern }));
  const insert = (on: SqliteOperations, ...all: ReturnType<typeof routed>[]) =>
    on.insertAll([{ rows: all.map(insertRow), ofOrganization: null }]);
  const read = (on: SqliteOperations, query: LogQuery) => on.logsOf(query, on.findRows(query));
  const erase = (on: SqliteOperations, routePattern: string, organizationId = 'acme') => {
    on.eraseStep({ organizationId, match: { field: 'consumerId', value: routePattern } }, null);
    on.cleanUp({ rewrite: false });
  };

  it('never pass their numbers to other names', () => {
    const file = newFile();
    const [one, other] = [openOn(file), openOn(file)];
    insert(one, routed('1', '/a'), routed('2', '/z'));
    const rows = one.findRows(queryOf('acme'));
    erase(other, '/z');
    insert(openOn(file), routed('3', '/new'));
    // The rows were read before the erasure: they may name what was erased, but never something else.
    const [, second] = one.logsOf(queryOf('acme'), rows);
    expect(second?.routePattern).toBe('/z');
    expect(() => openOn(file).logsOf(queryOf('acme'), rows)).toThrow('damaged');
    expect(read(other, queryOf('acme')).map((log) => log.routePattern)).toEqual(['/a', '/new']);
  });

  it('that are inserted again are found by connections that cached their old numbers', () => {
    const file = newFile();
    const [reader, writer, other] = [openOn(file), openOn(file), openOn(file)];
    const found = (routePattern: string) =>
      read(reader, queryOf('acme', { op: 'eq', field: 'routePattern', value: routePattern })).length;
    insert(writer, routed('1', '/a'), routed('2', '/b'), routed('3', '/z'));
    expect(['/a', '/b', '/z'].map(found)).toEqual([1, 1, 1]);
    erase(other, '/z');
    expect(['/a', '/b', '/z'].map(found)).toEqual([1, 1, 0]);
    // No name was inserted since the last deletion, and the highest number is already gone: the mark changes nevertheless.
    erase(other, '/b');
    insert(other, routed('4', '/b'));
    expect(['/a', '/b', '/z'].map(found)).toEqual([1, 1, 0]);
    insert(writer, routed('5', '/b'), routed('6', '/z'));
    expect(['/a', '/b', '/z'].map(found)).toEqual([1, 2, 1]);
  });

  it('a read during which names are deleted is repeated', () => {
    const file = newFile();
    const [reader, other] = [openOn(file), openOn(file)];
    insert(other, routed('1', '/a'), routed('2', '/z'));
    let reads = 0;
    const found = reader.consistently(() => {
      const rows = reader.findRows(queryOf('acme'));
      if (++reads === 1) erase(other, '/z');
      return reader.logsOf(queryOf('acme'), rows);
    });
    expect([reads, found.map((log) => log.routePattern)]).toEqual([2, ['/a']]);
    expect(() => reader.consistently(() => reader.logsOf(queryOf('acme'), [['0'] as never]))).toThrow(
      'damaged',
    );
  });

  it('names that other logs hold are kept, of any organization and in any field', () => {
    const operations = openOn(newFile());
    insert(operations, routed('1', '/a'), routed('1', '/a', 'globex'), routed('2', 'acme', 'globex'));
    erase(operations, '/a');
    expect(read(operations, queryOf('acme'))).toEqual([]);
    expect(
      read(operations, queryOf('globex'))
        .map((log) => log.routePattern)
        .sort(),
    ).toEqual(['/a', 'acme']);
  });

  it('connections that cache names agree with the oracle, whatever each of them inserts, erases and reads', () => {
    const step = fc.record({
      on: fc.nat(2),
      kind: fc.constantFrom('insert', 'insert', 'erase', 'erase', 'fail'),
      route: fc.constantFrom(...ROUTES),
      organizationId: fc.constantFrom('acme', '/a'),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 25 }), (steps) => {
        const file = newFile();
        const connections = [openOn(file), openOn(file), openOn(file)];
        let logs: RequestLog[] = [];
        steps.forEach(({ on, kind, route, organizationId }, i) => {
          const operations = connections[on]!;
          const one = routed(`r${i}`, route, organizationId);
          if (kind === 'insert') {
            insert(operations, one);
            logs.push(one.log);
          } else if (kind === 'erase') {
            erase(operations, route, organizationId);
            logs = logs.filter((log) => log.organizationId !== organizationId || log.routePattern !== route);
          } else if (kind === 'fail') {
            const broken = recorded({ ...one.log, routePattern: `${route}/new`, method: null as never });
            expect(() => insert(operations, broken)).toThrow();
          }
          for (const reader of connections) {
            for (const routePattern of [undefined, ...ROUTES]) {
              const asked = queryOf(
                organizationId,
                routePattern === undefined
                  ? MATCH_ALL
                  : { op: 'eq', field: 'routePattern', value: routePattern },
              );
              expect(read(reader, asked)).toEqual(expectedPage(logs, asked));
            }
          }
        });
      }),
      { numRuns: 20 },
    );
  });
});
