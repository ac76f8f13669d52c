import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InterruptedDatabase } from '../../../../test/store/interrupted-database.ts';
import { matches } from '../../../../test/store/matches.ts';
import { expectedPage } from '../../../../test/store/oracle.ts';
import { recorded, sampleLog } from '../../../../test/store/samples.ts';
import { temporaryStoreUrl } from '../../../../test/store/temporary.ts';
import { trials } from '../../../../test/support/trials.ts';
import { fieldsWhere } from '../../../log/fields.ts';
import { allOf, type Filter } from '../../../log/filter.ts';
import type { LogQuery } from '../../../log/query.ts';
import type { RequestLog } from '../../../log/request-log.ts';
import { searchFilter } from '../../../log/search.ts';
import { DIRECTIONS, positionOf, SORT_FIELDS } from '../../../log/sort.ts';
import { allMeasures } from '../../../stats/answer.ts';
import { checkedPart } from '../../../stats/question.ts';
import { Database } from '../database.ts';
import { SqliteOperations } from '../operations.ts';
import { idBytes } from '../schema/id-bytes.ts';
import { insertRow } from '../schema/insert-row.ts';
import { saltOf, writeGrams } from './grams.ts';
import type { TextLimits } from './limits.ts';
import { ID_BYTES, MAX_CHUNKS } from './ranges.ts';
import { ROW_BYTES, rowsOf } from './signature.ts';

const ORGANIZATIONS = ['acme', 'globex'] as const;
/** Small limits, so that few logs have signatures. */
const LIMITS: TextLimits = { signatureLogs: 6, newestLogs: 3, minLogs: 2, maxLate: 2, quietMs: 0 };
const START = Date.UTC(2026, 2, 1);
/** After every change. */
const NOW = Date.now() + 3_600_000;

const PATHS = [
  '/v1/Élan',
  '/v1/élan/Größe',
  '/v1/orders/STRASSE',
  '/v1/oRders/7f3a9c',
  '/v1/x',
  `/long/${'ab'.repeat(40)}`,
];
const TEXTS = [
  'élan',
  'ÉLAN',
  'orders',
  'ſtraſſe',
  'nowhere',
  'req_r1',
  'r1',
  'q_r2',
  'GRÖ',
  '7F3A',
  '/v1',
  'ababab',
  'x',
];

/** One store, a builder on a connection of its own, and what other connections do while it builds. */
class World {
  readonly #file = temporaryStoreUrl().replace('sqlite:', '');
  readonly #db = new InterruptedDatabase({ file: this.#file, busyMs: 0, cacheKib: 1024 });
  readonly builder = new SqliteOperations(this.#db, LIMITS);
  readonly #otherDb = new Database({ file: this.#file, busyMs: 0, cacheKib: 1024 });
  readonly other = new SqliteOperations(this.#otherDb, LIMITS);
  logs: RequestLog[] = [];
  #inserted = 0;
  signatures = 0;

  [Symbol.dispose](): void {
    this.#db.close();
    this.#otherDb.close();
  }

  /** @param path a number: which path of `PATHS`. */
  insert(organizationId: string, createdAt: number, count: number, path: number): void {
    const logs = Array.from({ length: count }, (_, i) => {
      const number = this.#inserted++;
      return sampleLog({
        organizationId,
        createdAt: createdAt + i,
        requestId: `r${number}`,
        durationMs: (number * 7) % 11,
        statusCode: [200, 404, 500][number % 3]!,
        path: PATHS[(path + i) % PATHS.length]!,
        consumerId: `c${number % 4}`,
        userAgent: number % 5 === 0 ? `agent ${number}` : null,
      });
    });
    this.other.insertAll([{ rows: logs.map((log) => insertRow(recorded(log))), ofOrganization: null }]);
    this.logs.push(...logs);
  }

  purge(organizationId: string, count: number): void {
    const oldest = this.logs
      .filter((log) => log.organizationId === organizationId)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, count);
    expect(this.other.deleteBefore(organizationId, NOW, count)).toBe(oldest.length);
    this.logs = this.logs.filter((log) => !oldest.includes(log));
  }

  /** @param value null erases all logs of the organization. */
  erase(organizationId: string, value: string | null): void {
    const match = value === null ? null : ({ field: 'consumerId', value } as const);
    this.other.eraseStep({ organizationId, match }, null);
    this.logs = this.logs.filter(
      (log) => log.organizationId !== organizationId || (value !== null && log.consumerId !== value),
    );
  }

  /** One step of the builder, with `actions` at its first interruptions. */
  step(actions: readonly (() => void)[] = []): boolean {
    const left = [...actions];
    this.#db.between = () => left.shift()?.();
    const built = this.builder.textIndexStep(NOW);
    this.#db.between = () => undefined;
    for (const action of left) action();
    return built;
  }

  /** Expects that every search finds what reading all logs finds, and that signatures hold nothing else than logs. */
  check(): void {
    for (const organizationId of ORGANIZATIONS) {
      for (const [i, text] of TEXTS.entries()) {
        const sort = SORT_FIELDS[i % SORT_FIELDS.length]!;
        const failed: Filter = { op: 'gte', field: 'statusCode', value: 400 };
        for (const filter of [searchFilter(text), allOf([searchFilter(text), failed])]) {
          this.#checkSearch({
            scope: { organizationId, visibleFrom: i % 4 === 0 ? START + 3 : null },
            filter,
            sort,
            direction: DIRECTIONS[i % 2]!,
            limit: 1 + (i % 5),
          });
        }
      }
    }
    this.#checkSignatures();
  }

  #checkSearch(query: LogQuery): void {
    const pages = [query];
    const [second] = expectedPage(this.logs, { ...query, limit: 2 }).slice(1);
    if (second !== undefined) pages.push({ ...query, after: positionOf(second, query.sort) });
    for (const page of pages) {
      const found = this.other.logsOf(page, this.other.findRows(page));
      expect(found.map(({ id }) => id)).toEqual(expectedPage(this.logs, page).map(({ id }) => id));
    }
    const { scope, filter } = query;
    const all = expectedPage(this.logs, { ...query, limit: 1e6 });
    expect(this.other.count(scope, filter, null)).toEqual({ count: all.length, exact: true });
    if (all.length > 1) expect(this.other.count(scope, filter, 1)).toEqual({ count: 1, exact: false });
    const [stats] = this.other.stats(scope, filter, [checkedPart({ groups: null, buckets: null })]);
    expect(allMeasures(stats!).count).toBe(all.length);
  }

  #checkSignatures(): void {
    const db = new DatabaseSync(this.#file);
    const names = new Map(
      db
        .prepare('SELECT name, number FROM names')
        .all()
        .map(({ name, number }) => [number, name]),
    );
    const ranges = db
      .prepare('SELECT * FROM text_ranges ORDER BY organization_id, start')
      .all() as never as Row[];
    const chunks = db.prepare('SELECT id, bits FROM text_signatures').all() as {
      id: number;
      bits: Uint8Array;
    }[];
    db.close();
    const complete = ranges.filter(({ divisor }) => divisor > 0);
    this.signatures = complete.length;
    expect(new Set(chunks.map(({ id }) => Math.floor(id / MAX_CHUNKS)))).toEqual(
      new Set(complete.map(({ signature }) => signature)),
    );
    for (const range of ranges) {
      expect(range.unindexed).toBeGreaterThanOrEqual(0);
      expect(range.late.length / ID_BYTES).toBeLessThanOrEqual(LIMITS.maxLate);
      if (range.divisor === 0) continue;
      const next = ranges.find(
        (one) => one.organization_id === range.organization_id && Buffer.compare(one.start, range.start) > 0,
      );
      const starts = [range.start];
      for (let i = 0; i < range.blocks.length; i += ID_BYTES)
        starts.push(range.blocks.subarray(i, i + ID_BYTES));
      const bits = chunks.find(({ id }) => id === range.signature * MAX_CHUNKS)!.bits;
      starts.forEach((start, block) => {
        const end = starts[block + 1] ?? next?.start;
        const held = this.logs.filter(({ id, organizationId }) => {
          const bytes = idBytes(id);
          return (
            organizationId === names.get(range.organization_id) &&
            Buffer.compare(bytes, start) >= 0 &&
            (end === undefined || Buffer.compare(bytes, end) < 0)
          );
        });
        const explained = new Set(held.flatMap((log) => rowsOfLog(log, range.divisor)));
        for (let row = 0; row < bits.length / ROW_BYTES; row++) {
          const isSet = (bits[row * ROW_BYTES + (block >> 3)]! >> (block & 7)) & 1;
          if (isSet) expect(explained).toContain(row);
        }
      });
    }
  }
}

interface Row {
  readonly organization_id: number;
  readonly start: Uint8Array;
  readonly signature: number;
  readonly divisor: number;
  readonly blocks: Uint8Array;
  readonly late: Uint8Array;
  readonly unindexed: number;
}

const TEXT_FIELDS = fieldsWhere(({ kind }) => kind === 'text');

function rowsOfLog(log: RequestLog, divisor: number): number[] {
  const hashes = new Int32Array(1_000);
  return TEXT_FIELDS.flatMap((field) => {
    const value = log[field];
    if (value === null) return [];
    const count = writeGrams(String(value), saltOf(field), hashes);
    return [...hashes.subarray(0, count)].flatMap((hash) => rowsOf(hash, divisor));
  });
}

/** Indexes while `actions` happen between its reads and writes, then expects that everything is right. */
function interleaved(prepare: (world: World) => void, ...actions: ((world: World) => void)[]): void {
  for (let before = 0; before < 4; before++) {
    using world = new World();
    prepare(world);
    const idle = Array.from({ length: before }, () => () => undefined);
    world.step([...idle, ...actions.map((action) => () => action(world))]);
    world.check();
    while (world.step());
    world.check();
  }
}

describe('searches for texts equal reading all logs', () => {
  it('while logs arrive in an indexed range, up to too many and beyond', () => {
    using world = new World();
    world.insert('acme', START + 100, 30, 0);
    while (world.step());
    world.check();
    expect(world.signatures).toBeGreaterThan(2);
    const before = world.signatures;
    world.insert('acme', START + 103, 1, 0);
    world.check();
    expect(world.signatures).toBe(before);
    // Some of the ids may be in the range before.
    for (let i = 0; i < 2 * LIMITS.maxLate; i++) {
      world.insert('acme', START + 103, 1, i);
      world.check();
    }
    expect(world.signatures).toBeLessThan(before);
    while (world.step());
    world.check();
    expect(world.signatures).toBeGreaterThanOrEqual(before);
  });

  it('when a log arrives, is purged or is erased while its range is indexed', () => {
    const prepare = (world: World) => world.insert('acme', START, 20, 0);
    interleaved(prepare, (world) => world.insert('acme', START + 5, 1, 1));
    interleaved(prepare, (world) => world.insert('acme', START + 5, 9, 1));
    interleaved(prepare, (world) => world.purge('acme', 3));
    interleaved(prepare, (world) => world.erase('acme', 'c1'));
    interleaved(prepare, (world) => world.erase('acme', null));
  });

  it('when another process indexes the same range', () => {
    const prepare = (world: World) => world.insert('acme', START, 20, 0);
    interleaved(prepare, ({ other }) => void other.textIndexStep(NOW));
    interleaved(
      prepare,
      ({ other }) => void other.textIndexStep(NOW),
      (world) => world.purge('acme', 1),
      ({ other }) => void other.textIndexStep(NOW),
    );
  });

  it('when another process divides the range, to which logs were added meanwhile', () => {
    interleaved(
      (world) => world.insert('acme', START, 10, 0),
      (world) => world.insert('acme', START + 2, 1, 0),
      ({ other }) => void other.textIndexStep(NOW),
    );
  });

  it('after a process ended while it indexed a range', () => {
    using world = new World();
    world.insert('acme', START, 12, 0);
    const end = () => {
      throw new Error('The process ended.');
    };
    const nothing = () => undefined;
    expect(() => world.step([nothing, nothing, end])).toThrow('ended');
    world.check();
    world.insert('acme', START + 2, 1, 0);
    world.check();
    expect(world.signatures).toBe(0);
    expect(world.other.hasDueText(NOW)).toBe(true);
    while (world.step());
    world.check();
    expect(world.signatures).toBeGreaterThan(0);
  });

  it('whatever other connections insert, purge, erase and index, in any order', () => {
    const time = fc.constantFrom(0, 3, 50, 1_000, 1_001, 900_000).map((ms) => START + ms);
    const organization = fc.constantFrom('acme', 'acme', 'acme', 'globex');
    const action: fc.Arbitrary<(world: World) => void> = fc.oneof(
      {
        weight: 5,
        arbitrary: fc
          .tuple(organization, time, fc.integer({ min: 1, max: 9 }), fc.nat(5))
          .map((args) => (world: World) => world.insert(...args)),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(organization, fc.integer({ min: 1, max: 9 }))
          .map((args) => (world: World) => world.purge(...args)),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(organization, fc.constantFrom('c0', 'c1', null))
          .map((args) => (world: World) => world.erase(...args)),
      },
      { weight: 3, arbitrary: fc.constant((world: World) => void world.other.textIndexStep(NOW)) },
      { weight: 3, arbitrary: fc.constant(() => undefined) },
    );
    const steps = fc.array(fc.array(action, { maxLength: 5 }), { minLength: 5, maxLength: 15 });
    let signatures = 0;
    fc.assert(
      fc.property(steps, (all) => {
        using world = new World();
        world.insert('acme', START + 1_000, 20, 0);
        for (const actions of all) {
          world.step(actions.map((one) => () => one(world)));
          world.check();
          signatures += world.signatures;
        }
        while (world.step());
        world.check();
      }),
      { numRuns: trials(4, 1_000) },
    );
    expect(signatures).toBeGreaterThan(5);
  });

  it('finds no log that does not match, whatever its text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'é', 'É', 'ſ', '_', '/'), maxLength: 6 });
    fc.assert(
      fc.property(fc.array(text, { minLength: 12, maxLength: 30 }), text, (paths, wanted) => {
        using world = new World();
        const logs = paths.map((path, i) =>
          sampleLog({ createdAt: START + i, requestId: `r${i}`, path: `/${path}` }),
        );
        world.other.insertAll([{ rows: logs.map((log) => insertRow(recorded(log))), ofOrganization: null }]);
        while (world.step());
        const filter = searchFilter(wanted);
        const scope = { organizationId: 'acme', visibleFrom: null };
        expect(world.other.count(scope, filter, null).count).toBe(
          logs.filter((log) => matches(filter, log)).length,
        );
      }),
      { numRuns: trials(8, 500) },
    );
  });
});
