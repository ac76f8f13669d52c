import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InterruptedDatabase } from '../../../../test/store/interrupted-database.ts';
import { recorded, sampleLog } from '../../../../test/store/samples.ts';
import { temporaryStoreUrl } from '../../../../test/store/temporary.ts';
import { trials } from '../../../../test/support/trials.ts';
import { DAY_MS, HOUR_MS } from '../../../lib/time-units.ts';
import { MATCH_ALL } from '../../../log/filter.ts';
import type { RequestLog } from '../../../log/request-log.ts';
import { allMeasures } from '../../../stats/answer.ts';
import { checkedPart } from '../../../stats/question.ts';
import type { RollUpCheckPosition, RollUpDifference } from '../../roll-ups/check.ts';
import { ROLL_UP_LIMITS } from '../../roll-ups/declared.ts';
import { Database } from '../database.ts';
import { SqliteOperations } from '../operations.ts';
import { insertRow } from '../schema/insert-row.ts';

const ORGANIZATIONS = ['acme', 'globex'] as const;
/** Small limits, so that few logs are kept in every kind of cell. */
const LIMITS = { ...ROLL_UP_LIMITS, hourBytesPerLog: 300, unitBytesPerLog: 300, denseHour: 3, quietMs: 0 };
const START = Date.UTC(2026, 2, 1);
/** All hours have ended. */
const NOW = START + 30 * DAY_MS;

/** One store, a builder on a connection of its own, and what other connections do while it builds. */
class World {
  readonly #file = temporaryStoreUrl().replace('sqlite:', '');
  readonly #db = new InterruptedDatabase({ file: this.#file, busyMs: 0, cacheKib: 1024 });
  readonly builder = new SqliteOperations(this.#db);
  readonly other = new SqliteOperations(new Database({ file: this.#file, busyMs: 0, cacheKib: 1024 }));
  #logs: RequestLog[] = [];
  #inserted = 0;

  insert(organizationId: string, createdAt: number, count = 1): void {
    const logs = Array.from({ length: count }, () =>
      sampleLog({ organizationId, createdAt, requestId: `r${this.#inserted++}`, durationMs: this.#inserted }),
    );
    this.other.insertAll([{ rows: logs.map((log) => insertRow(recorded(log))), ofOrganization: null }]);
    this.#logs.push(...logs);
  }

  purge(organizationId: string, count: number): void {
    const oldest = this.#logs
      .filter((log) => log.organizationId === organizationId)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, count);
    expect(this.other.deleteBefore(organizationId, NOW, count)).toBe(oldest.length);
    this.#logs = this.#logs.filter((log) => !oldest.includes(log));
  }

  /** One step of the builder, with `actions` at its first interruptions. */
  step(actions: readonly (() => void)[] = []): boolean {
    const left = [...actions];
    this.#db.between = () => left.shift()?.();
    const built = this.builder.rollUpStep(NOW, LIMITS);
    this.#db.between = () => undefined;
    for (const action of left) action();
    return built;
  }

  /** Expects that the statistics equal the logs now, and that no cell that is used differs from them. */
  check(): void {
    for (const organizationId of ORGANIZATIONS) {
      const own = this.#logs.filter((log) => log.organizationId === organizationId);
      const scope = { organizationId, visibleFrom: null };
      const [all] = this.other.stats(scope, MATCH_ALL, [checkedPart({ groups: null, buckets: null })]);
      const { count, durations } = allMeasures(all!);
      const sum = own.reduce((total, { durationMs }) => total + durationMs!, 0);
      expect({ organizationId, count, sum: durations.sum }).toEqual({
        organizationId,
        count: own.length,
        sum,
      });
    }
    expect(this.differences()).toEqual([]);
  }

  differences(): RollUpDifference[] {
    const found: RollUpDifference[] = [];
    let after: RollUpCheckPosition | null = null;
    do {
      const { differences, next } = this.other.checkRollUps(after);
      found.push(...differences);
      after = next;
    } while (after !== null);
    return found;
  }

  buildAll(): void {
    while (this.step());
    expect(this.other.rollUpStatus()).toEqual({ changedHours: 0, unfinishedOrganizations: 0 });
  }
}

/** Builds while `actions` happen between its reads and writes, then expects that everything is right. */
function interleaved(prepare: (world: World) => void, ...actions: ((world: World) => void)[]): void {
  const world = new World();
  prepare(world);
  world.step(actions.map((action) => () => action(world)));
  world.check();
  world.buildAll();
  world.check();
}

const nothing = () => undefined;
const buildAll = ({ other }: World) => {
  while (other.rollUpStep(NOW, LIMITS));
};

describe('while a step builds', () => {
  it('another process builds the same hour, and as many logs arrive as before', () => {
    const prepare = (world: World) => {
      world.insert('acme', START);
      world.buildAll();
      world.insert('acme', START);
    };
    for (const before of [0, 1, 2]) {
      const idle = Array.from({ length: before }, () => nothing);
      interleaved(prepare, ...idle, (world) => {
        buildAll(world);
        world.insert('acme', START);
      });
    }
  });

  it('another process builds the hour before its logs are read, then once more', () => {
    const prepare = (world: World) => {
      world.insert('acme', START);
      world.buildAll();
      world.insert('acme', START);
    };
    interleaved(prepare, buildAll, (world) => {
      world.insert('acme', START);
      buildAll(world);
    });
  });

  it('everything is reset and rolled up again, after logs were deleted', () => {
    const prepare = (world: World) => {
      world.insert('acme', START, 2);
      world.insert('acme', START + HOUR_MS, 2);
      world.step();
    };
    for (const before of [0, 1, 2, 3]) {
      const idle = Array.from({ length: before }, () => nothing);
      interleaved(prepare, ...idle, (world) => {
        world.other.resetRollUps();
        world.purge('acme', 1);
        world.other.rollUpStep(NOW, LIMITS);
      });
    }
  });

  it('a log arrives between two days of which the later one is rolled up', () => {
    const prepare = (world: World) => {
      world.insert('acme', START + 9 * DAY_MS);
      world.insert('acme', START);
      while (world.builder.hasDueRollUps(NOW) && world.builder.rollUpStatus().unfinishedOrganizations > 0) {
        world.step();
        if (world.builder.rollUpStatus().changedHours === 0) break;
      }
    };
    interleaved(prepare, (world) => world.insert('acme', START + 4 * DAY_MS));
  });

  it('logs arrive for an organization that is rolled up completely by this step', () => {
    const prepare = (world: World) => {
      world.insert('acme', START + 9 * DAY_MS);
      world.step();
      world.step();
    };
    interleaved(prepare, (world) => world.insert('acme', START));
  });

  it('units of a dense hour are deleted, and the hour becomes dense again', () => {
    const prepare = (world: World) => {
      world.insert('acme', START, 9);
      world.step();
      world.step();
    };
    for (const before of [0, 1, 2]) {
      const idle = Array.from({ length: before }, () => nothing);
      interleaved(prepare, ...idle, (world) => {
        world.purge('acme', 2);
        world.other.rollUpStep(NOW, LIMITS);
      });
    }
  });

  it('other connections insert, purge, reset and build, in any order', () => {
    const time = fc
      .tuple(fc.constantFrom(0, 0, 1, 9), fc.constantFrom(0, 0, 5), fc.constantFrom(0, 10_000))
      .map(([day, hour, ms]) => START + day * DAY_MS + hour * HOUR_MS + ms);
    const organization = fc.constantFrom('acme', 'acme', 'globex');
    const action: fc.Arbitrary<(world: World) => void> = fc.oneof(
      {
        weight: 4,
        arbitrary: fc
          .tuple(organization, time, fc.integer({ min: 1, max: 4 }))
          .map((args) => (world: World) => world.insert(...args)),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(organization, fc.integer({ min: 1, max: 3 }))
          .map((args) => (world: World) => world.purge(...args)),
      },
      { weight: 3, arbitrary: fc.constant((world: World) => void world.other.rollUpStep(NOW, LIMITS)) },
      { weight: 1, arbitrary: fc.constant((world: World) => world.other.resetRollUps()) },
      { weight: 1, arbitrary: fc.constant(buildAll) },
      { weight: 3, arbitrary: fc.constant(nothing) },
    );
    const steps = fc.array(fc.array(action, { maxLength: 6 }), { minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(steps, (all) => {
        const world = new World();
        for (const actions of all) {
          world.step(actions.map((one) => () => one(world)));
          world.check();
        }
        world.buildAll();
        world.check();
      }),
      { numRuns: trials(6, 2_000) },
    );
  });
});
