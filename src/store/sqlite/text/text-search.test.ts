import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, it } from 'vitest';
import { recorded, SAMPLE_TIME, sampleLog } from '../../../../test/store/samples.ts';
import { temporaryStoreUrl } from '../../../../test/store/temporary.ts';
import { allOf, type Filter } from '../../../log/filter.ts';
import { requestIdStartsWith, searchFilter } from '../../../log/search.ts';
import type { SortField } from '../../../log/sort.ts';
import { checkedPart } from '../../../stats/question.ts';
import { Database } from '../database.ts';
import { SqliteOperations } from '../operations.ts';
import { insertRow } from '../schema/insert-row.ts';
import type { TextLimits } from './limits.ts';

const LIMITS: TextLimits = { signatureLogs: 2_048, newestLogs: 100, minLogs: 50, maxLate: 4, quietMs: 0 };
const LOGS = 10_000;
/** Logs of a block. */
const BLOCK = LIMITS.signatureLogs / 64;
const SCOPE = { organizationId: 'acme', visibleFrom: null };
const NOW = Date.now() + 60_000;
const NOWHERE = searchFilter('nowhere');

const file = temporaryStoreUrl().replace('sqlite:', '');
/** Calls of the stop check: one for each log that is read, and one for each row of a signature. */
let reads = 0;
let isStopped = false;
const operations = new SqliteOperations(
  new Database({ file, busyMs: 0, cacheKib: 1024 }, () => {
    reads++;
    return isStopped;
  }),
  LIMITS,
);

function readsOf<T>(work: () => T): { found: T; reads: number } {
  reads = 0;
  return { found: work(), reads };
}

const find = (filter: Filter, sort: SortField = 'createdAt', limit = 10) =>
  readsOf(() => operations.findRows({ scope: SCOPE, filter, sort, direction: 'desc', limit }).length);

function insert(
  from: number,
  count: number,
  path: (i: number) => string,
  createdAt = (i: number) => SAMPLE_TIME + i,
) {
  const logs = Array.from({ length: count }, (_, i) =>
    sampleLog({
      requestId: `number-${from + i}`,
      createdAt: createdAt(from + i),
      path: path(from + i),
      durationMs: (i * 7) % 100,
      statusCode: i % 2 === 0 ? 200 : 404,
      host: 'api.example.com',
    }),
  );
  operations.insertAll([{ rows: logs.map((log) => insertRow(recorded(log))), ofOrganization: null }]);
}

beforeAll(() => {
  insert(0, LOGS, (i) => (i === 3_000 ? '/v1/needle' : `/v1/things/${i % 40}`));
});

describe('a search for a text', () => {
  it('reads all logs as long as they are not indexed', () => {
    expect(find(NOWHERE)).toEqual({ found: 0, reads: LOGS });
    expect(operations.hasDueText(NOW)).toBe(true);
    while (operations.textIndexStep(NOW));
    expect(operations.hasDueText(NOW)).toBe(false);
  });

  it('then reads the newest logs, some rows of signatures, and the blocks in which a log may match', () => {
    // Four signatures of 2,048 logs; of each, the search reads a row or two before it knows that no block has the text.
    const unindexed = LOGS - 4 * LIMITS.signatureLogs;
    const few = unindexed + 100;
    for (const sort of ['createdAt', 'durationMs', 'statusCode'] as const) {
      expect(find(NOWHERE, sort).reads).toBeLessThan(few);
      const one = find(searchFilter('NEEDLE'), sort);
      expect(one.found).toBe(1);
      expect(one.reads).toBeLessThan(few + 2 * BLOCK);
    }
    expect(find(searchFilter('eed')).reads).toBeLessThan(few + 10 * BLOCK);
    // A text that every log has in another field.
    expect(find(searchFilter('example')).reads).toBeLessThan(few);
    expect(find({ op: 'contains', field: 'host', value: 'example' }, 'createdAt', 10).reads).toBeLessThan(
      100,
    );
    for (const filter of [
      searchFilter('req_number-3000'),
      requestIdStartsWith('req_number-3000'),
      { op: 'eq', field: 'path', value: '/v1/needle' },
      allOf([searchFilter('needle'), { op: 'eq', field: 'statusCode', value: 200 }]),
    ] as const) {
      const { found, reads: all } = find(filter);
      expect([filter, found]).toEqual([filter, 1]);
      expect(all).toBeLessThan(few + 8 * BLOCK);
    }
    const counted = readsOf(() => operations.count(SCOPE, searchFilter('needle'), null));
    expect(counted.found).toEqual({ count: 1, exact: true });
    expect(counted.reads).toBeLessThan(few + 2 * BLOCK);
    const all = checkedPart({ groups: null, buckets: null });
    const { reads: ofStats } = readsOf(() => operations.stats(SCOPE, searchFilter('needle'), [all]));
    expect(ofStats).toBeLessThan(few + 2 * BLOCK);
  });

  it('reads only what its window of time has', () => {
    const window: Filter = { op: 'lt', field: 'createdAt', value: SAMPLE_TIME + 4_000 };
    expect(find(allOf([searchFilter('needle'), window])).reads).toBeLessThan(2 * BLOCK + 100);
    const scope = { ...SCOPE, visibleFrom: SAMPLE_TIME + 9_990 };
    const { found, reads: all } = readsOf(() => operations.count(scope, searchFilter('things'), null).count);
    expect(found).toBe(10);
    expect(all).toBeLessThan(50);
  });

  it('reads no more than without the index if every log matches', () => {
    expect(find(searchFilter('things')).reads).toBeLessThan(50);
    expect(find(searchFilter('things'), 'durationMs').reads).toBeLessThan(LOGS + 500);
  });

  it('reads the logs of a rare value instead of the signatures', () => {
    const rare = allOf([NOWHERE, { op: 'eq', field: 'apiKeyId', value: 'none' }]);
    expect(find(rare).reads).toBeLessThan(5);
  });

  it('shorter texts, negations and alternatives that are not indexed read all logs', () => {
    const not: Filter = { op: 'not', filter: { op: 'contains', field: 'path', value: '/v1' } };
    const other: Filter = { op: 'or', filters: [NOWHERE, { op: 'eq', field: 'durationMs', value: 1_000 }] };
    for (const filter of [searchFilter('zz'), not, other])
      expect(find(filter)).toEqual({ found: 0, reads: LOGS });
  });

  it('reads late logs in addition, and finds them', () => {
    insert(
      LOGS,
      1,
      () => '/v1/late',
      () => SAMPLE_TIME + 3_500,
    );
    const { found, reads: all } = find(searchFilter('/late'));
    expect(found).toBe(1);
    expect(all).toBeLessThan(LOGS - 4 * LIMITS.signatureLogs + 100);
  });

  it('can be stopped while it reads logs and signatures', () => {
    isStopped = true;
    const window: Filter = { op: 'lt', field: 'createdAt', value: SAMPLE_TIME + 4_000 };
    const inSignatures = allOf([NOWHERE, window]);
    expect(() => find(NOWHERE)).toThrow('The search was stopped.');
    expect(() => find(inSignatures)).toThrow('The search was stopped.');
    expect(() => operations.count(SCOPE, inSignatures, null)).toThrow('The search was stopped.');
    isStopped = false;
    expect(find(inSignatures).found).toBe(0);
  });

  it('does not use signatures of another format, which are built again', () => {
    const db = new DatabaseSync(file);
    db.exec('UPDATE text_ranges SET format = format - 1 WHERE divisor > 0');
    expect(find(searchFilter('needle'))).toMatchObject({ found: 1, reads: LOGS + 1 });
    expect(operations.hasDueText(NOW)).toBe(true);
    while (operations.textIndexStep(NOW));
    expect(find(searchFilter('needle')).reads).toBeLessThan(LOGS / 2);
    db.close();
  });

  it('of an existing store is indexed from the newest logs on, and answers meanwhile', () => {
    const db = new DatabaseSync(file);
    // As the migration leaves it.
    db.exec('DELETE FROM text_ranges; DELETE FROM text_signatures');
    db.exec(`
      INSERT INTO text_ranges (organization_id, start, divisor, indexed, unindexed, late, changed_at)
      SELECT organization_id, x'', 0, 0, 1099511627776, x'', 0 FROM roll_up_progress`);
    const left: number[] = [];
    do {
      const { found, reads: all } = find(searchFilter('needle'));
      expect(found).toBe(1);
      left.push(Math.round(all / LIMITS.signatureLogs));
    } while (operations.textIndexStep(NOW));
    expect(left.slice(0, 4)).toEqual([5, 4, 3, 2]);
    const [newest] = db.prepare('SELECT max(start) AS start FROM text_ranges').all() as {
      start: Uint8Array;
    }[];
    expect(Buffer.from(newest!.start).readUIntBE(0, 6)).toBeGreaterThan(SAMPLE_TIME + LOGS - 200);
    expect(db.prepare('SELECT sum(indexed) + sum(unindexed) AS logs FROM text_ranges').get()).toEqual({
      logs: LOGS + 1,
    });
    db.close();
  });
});
