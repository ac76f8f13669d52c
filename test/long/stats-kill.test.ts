import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { MATCH_ALL } from '../../src/log/filter.ts';
import type { RequestLog } from '../../src/log/request-log.ts';
import { allMeasures, bucketMeasures } from '../../src/stats/answer.ts';
import { checkedPart } from '../../src/stats/question.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { RollUpCheckPosition, RollUpDifference } from '../../src/store/roll-ups/check.ts';
import type { Store } from '../../src/store/store.ts';
import { expectMeasures } from '../store/expect-measures.ts';
import { SAMPLE_TIME } from '../store/samples.ts';
import { temporaryStoreUrl } from '../store/temporary.ts';
import {
  BATCHES,
  batchOf,
  LAST_PURGED,
  LIMITS,
  METHODS,
  NOW,
  ORGANIZATION,
  SPREAD_MS,
} from './stats-logs.ts';
import { trials } from './trials.ts';

const KILLS = trials('RELAYLOG_LONG_KILLS', 200);
/** The longest delay before a kill. */
const MAX_DELAY_MS = 400;
const WRITER = join(import.meta.dirname, 'stats-writer.ts');
const SCOPE = { organizationId: ORGANIZATION, visibleFrom: null };
const ALL = checkedPart({ groups: null, buckets: null });
const BY_METHOD_AND_HOUR = checkedPart({
  groups: { by: ['METHOD'], keys: METHODS.map((method) => [method]) },
  buckets: { interval: 'HOUR', timeZone: 'UTC', from: SAMPLE_TIME, to: SAMPLE_TIME + SPREAD_MS },
});

/** A process that stores, builds and purges, and what it printed. */
class Writer {
  readonly #child: ChildProcess;
  #out = '';

  constructor(url: string, first: number) {
    this.#child = spawn(process.execPath, [WRITER, url, String(first)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child.stdout!.on('data', (chunk) => {
      this.#out += chunk;
    });
  }

  async ready(): Promise<void> {
    while (!this.#out.includes('stored')) {
      expect(this.#child.exitCode).toBeNull();
      await setTimeout(2);
    }
  }

  async kill(): Promise<void> {
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await closed;
    expect(this.#child.signalCode).toBe('SIGKILL');
  }

  /** The numbers of the acknowledged batches. */
  get stored(): number[] {
    return [...this.#out.matchAll(/^stored (\d+)\n/gm)].map(([, number]) => Number(number));
  }

  count(name: 'built' | 'purged' | 'reset'): number {
    return this.#out.split('\n').filter((line) => line.startsWith(`${name} `)).length;
  }
}

async function storedLogs(store: Store): Promise<RequestLog[]> {
  const query = { scope: SCOPE, filter: MATCH_ALL, sort: 'createdAt', direction: 'asc' } as const;
  return store.find({ ...query, limit: 10_000_000 });
}

async function differences(store: Store): Promise<RollUpDifference[]> {
  const found: RollUpDifference[] = [];
  let after: RollUpCheckPosition | null = null;
  do {
    const step = await store.checkRollUps(after);
    found.push(...step.differences);
    after = step.next;
  } while (after !== null);
  return found;
}

/** Expects that the statistics equal the logs, for each method and hour, and that the roll-ups hold nothing else. */
async function expectRight(store: Store): Promise<RequestLog[]> {
  const logs = await storedLogs(store);
  const [all, byHour] = await store.stats(SCOPE, MATCH_ALL, [ALL, BY_METHOD_AND_HOUR]);
  expectMeasures(allMeasures(all!), logs);
  const groups = Map.groupBy(
    logs,
    ({ method, createdAt }) => `${method} ${Math.floor((createdAt - SAMPLE_TIME) / 3_600_000)}`,
  );
  METHODS.forEach((method, group) => {
    for (const [hour, row] of bucketMeasures(byHour!, BY_METHOD_AND_HOUR, group).entries()) {
      expectMeasures(row, groups.get(`${method} ${hour}`) ?? []);
    }
  });
  expect(await differences(store)).toEqual([]);
  return logs;
}

it(`statistics equal the logs after each of ${KILLS} kills of two processes that store, build and purge at once`, async () => {
  const url = temporaryStoreUrl();
  const store = await openStore(url, { inline: true });
  const kept = new Set<string>();
  const totals = { kills: 0, acknowledged: 0, built: 0, purged: 0, reset: 0 };
  let first = 0;
  for (let i = 0; i < KILLS; i += 2) {
    const writers = [0, 1].map((_, n) => new Writer(url, first + n * BATCHES));
    first += 2 * BATCHES;
    await Promise.all(writers.map((writer) => writer.ready()));
    // Each is killed at a moment of its own; meanwhile the other one continues.
    for (const [n, writer] of writers.entries()) {
      await setTimeout((i * 37 + n * 151) % MAX_DELAY_MS);
      await writer.kill();
      totals.kills++;
      if (n === 0) await expectNothingDiffers(store);
    }
    const logs = await expectRight(store);
    const ids = new Set(logs.map(({ requestId }) => requestId));
    expect(ids.size).toBe(logs.length);
    for (const writer of writers) {
      for (const number of writer.stored) {
        totals.acknowledged++;
        for (const { requestId, createdAt } of batchOf(number))
          if (createdAt >= LAST_PURGED) kept.add(requestId);
      }
      for (const name of ['built', 'purged', 'reset'] as const) totals[name] += writer.count(name);
    }
    expect([...kept].filter((id) => !ids.has(id))).toEqual([]);
  }
  while (await store.rollUpStep(NOW, LIMITS));
  expect(await store.rollUpStatus()).toEqual({ changedHours: 0, unfinishedOrganizations: 0 });
  const logs = await expectRight(store);
  console.log({ ...totals, logs: logs.length });
  expect(totals.purged).toBeGreaterThan(KILLS);
  expect(totals.built).toBeGreaterThan(KILLS);
  expect(totals.acknowledged).toBeGreaterThan(KILLS);
  await store.close();
});

/** While the other process writes, logs cannot be compared with an answer, but cells can be with the logs of one snapshot. */
async function expectNothingDiffers(store: Store): Promise<void> {
  expect(await differences(store)).toEqual([]);
}
