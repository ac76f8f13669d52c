import { copyFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { recorded, SAMPLE_TIME, sampleLog } from '../../../../test/store/samples.ts';
import { temporaryStoreUrl } from '../../../../test/store/temporary.ts';
import { DAY_MS, HOUR_MS } from '../../../lib/time-units.ts';
import { MATCH_ALL } from '../../../log/filter.ts';
import type { RequestLog } from '../../../log/request-log.ts';
import { allMeasures, groupAnswers } from '../../../stats/answer.ts';
import { checkedPart } from '../../../stats/question.ts';
import { ROLL_UP_LIMITS } from '../../roll-ups/declared.ts';
import { Database } from '../database.ts';
import { SqliteOperations } from '../operations.ts';
import { insertRow } from '../schema/insert-row.ts';

const NOW = SAMPLE_TIME + 30 * DAY_MS;
const newFile = () => temporaryStoreUrl().replace('sqlite:', '');
const openOn = (file: string) => new SqliteOperations(new Database({ file, busyMs: 0, cacheKib: 1024 }));
const insert = (on: SqliteOperations, logs: readonly RequestLog[]) =>
  on.insertAll([{ rows: logs.map((log) => insertRow(recorded(log))), ofOrganization: null }]);

function count(on: SqliteOperations, organizationId = 'acme'): number {
  const part = checkedPart({ groups: null, buckets: null });
  const [answer] = on.stats({ organizationId, visibleFrom: null }, MATCH_ALL, [part]);
  return allMeasures(answer!).count;
}

describe('hours that change whenever they are built', () => {
  it('do not keep others from being built', () => {
    const file = newFile();
    let arriving = 0;
    const late = (organizationId: string, hour: number, size = 1) =>
      Array.from({ length: size }, () =>
        sampleLog({ organizationId, createdAt: SAMPLE_TIME + hour * HOUR_MS, requestId: `r${arriving++}` }),
      );
    const other = openOn(file);
    class BusyDatabase extends Database {
      override collect(...args: Parameters<Database['collect']>): void {
        super.collect(...args);
        insert(other, late('busy', 0));
      }
    }
    insert(other, late('busy', 0, 100));
    const builder = new SqliteOperations(new BusyDatabase({ file, busyMs: 0, cacheKib: 1024 }));
    const steps = (n: number) => {
      for (let i = 0; i < n; i++) expect(builder.rollUpStep(NOW, ROLL_UP_LIMITS)).toBe(true);
    };
    steps(3);
    for (let i = 0; i < 5; i++) insert(other, late(`calm${i}`, i));
    // One step begins the roll-ups of the others; each is built before the busy hour is tried again and again.
    steps(15);
    expect(other.rollUpStatus()).toEqual({ changedHours: 1, unfinishedOrganizations: 0 });
    expect(count(other, 'busy')).toBe(arriving - 5);
  });
});

describe('logs of a file of version 10', () => {
  it('are right before, while and after they are rolled up, also if it is interrupted', () => {
    const file = newFile();
    copyFileSync(new URL('../../../../test/fixtures/sqlite/version-10.db', import.meta.url), file);
    const organizations = ['acme', 'globex'];
    let store = openOn(file);
    const expected = organizations.map(
      (organizationId) => store.count({ organizationId, visibleFrom: null }, MATCH_ALL, null).count,
    );
    expect(Math.min(...expected)).toBeGreaterThan(5);
    const right = () => expect(organizations.map((id) => count(store, id))).toEqual(expected);
    expect(store.rollUpStatus()).toEqual({ changedHours: 0, unfinishedOrganizations: 2 });
    right();
    let steps = 0;
    const newest: number[] = [];
    while (store.rollUpStep(NOW, ROLL_UP_LIMITS)) {
      steps++;
      right();
      const db = new DatabaseSync(file);
      newest.push(Number(db.prepare('SELECT min(from_hour) AS hour FROM roll_up_progress').get()!.hour));
      db.close();
      // The process ends, and another one continues.
      store = openOn(file);
    }
    expect(steps).toBeGreaterThan(5);
    expect(newest).toEqual(newest.toSorted((a, b) => b - a));
    expect(store.rollUpStatus()).toEqual({ changedHours: 0, unfinishedOrganizations: 0 });
    right();
    for (let after = store.checkRollUps(null); after.next !== null; after = store.checkRollUps(after.next))
      expect(after.differences).toEqual([]);
  });
});

describe('values that explode', () => {
  it('never make roll-ups larger than a tenth of the logs, and their groups are right', () => {
    const file = newFile();
    const store = openOn(file);
    const logs = Array.from({ length: 3_000 }, (_, i) =>
      sampleLog({
        requestId: `r${i}`,
        createdAt: SAMPLE_TIME + i * 1_000,
        path: `/v1/things/${i}`,
        routePattern: `/v1/things/${i}`,
        consumerId: `consumer_${i}`,
        errorType: `error ${i}`,
        host: `${i}.example.com`,
        durationMs: i,
      }),
    );
    insert(store, logs);
    const limits = { ...ROLL_UP_LIMITS, denseHour: 1_000 };
    while (store.rollUpStep(NOW, limits));
    const db = new DatabaseSync(file);
    const bytes = (like: string) =>
      Number(db.prepare('SELECT sum(payload) AS bytes FROM dbstat WHERE name GLOB ?').get(like)!.bytes);
    expect(bytes('roll_up*')).toBeLessThan(bytes('request_logs*') / 10);
    db.close();
    for (const by of ['CONSUMER_ID', 'ROUTE_PATTERN', 'HOST', 'METHOD'] as const) {
      const part = checkedPart({ groups: { by: [by], top: 3, order: ORDER, search: null }, buckets: null });
      const [answer] = store.stats({ organizationId: 'acme', visibleFrom: null }, MATCH_ALL, [part]);
      const exploding = by !== 'METHOD';
      expect(answer!.groups!.count).toBe(exploding ? logs.length : 1);
      expect(groupAnswers(answer!, part)[0]!.measures.count).toBe(exploding ? 1 : logs.length);
    }
  });
});

const ORDER = { measure: 'COUNT', direction: 'desc' } as const;
