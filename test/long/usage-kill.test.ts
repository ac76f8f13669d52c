import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { MATCH_ALL } from '../../src/log/filter.ts';
import type { RequestLog } from '../../src/log/request-log.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { recorded, SAMPLE_TIME, sampleLog } from '../store/samples.ts';
import { temporaryStoreUrl } from '../store/temporary.ts';
import { databaseUrl, MONGODB_URLS, testDatabase } from '../support/mongodb.ts';
import { trials } from './trials.ts';

const KILLS = trials('RELAYLOG_LONG_KILLS', 200);
/** So many kills of MongoDB start with an empty database: a server that scans all logs takes longer with each round. */
const KILLS_OF_DATABASE = 20;
/** The longest delay before a kill. */
const MAX_DELAY_MS = 200;
/** On MongoDB, a process waits this long before it completes the deletion of another one. */
const TAKE_OVER_MS = 2_000;
const DELETER = join(import.meta.dirname, 'usage-deleter.ts');
const ORGANIZATION = 'acme';
const ERASED = 'key_1';
const KEYS = ['key_0', ERASED, 'key_2'];
const TYPES = ['search', 'read', null];
const BATCH = 30;
const ALL = { fromDay: 0, endDay: 1e6 };

/**
 * Kills processes that delete logs, again and again: each log counts once, after each kill and while they delete.
 *
 * @param isInterrupted whether a deletion was begun and is not done.
 * @returns how many kills interrupted a deletion.
 */
async function killRepeatedly(
  kills: number,
  url: string,
  isInterrupted?: () => Promise<boolean>,
): Promise<number> {
  const store = await openStore(url);
  await store.createOrganization({ id: ORGANIZATION, plan: 'free', createdAt: 1 });
  const inserted = new Inserted();
  let answers = 0;
  let interrupted = 0;
  try {
    for (let i = 0; i < kills; i++) {
      const deleters = [spawnDeleter(url), spawnDeleter(url, ERASED)];
      await Promise.all(deleters.map(ready));
      for (let n = 0; n < 4; n++) await store.insert(inserted.next().map(recorded));
      const takeOver = isInterrupted !== undefined && i % 4 === 3;
      const killAt = performance.now() + ((i * 37) % MAX_DELAY_MS) + (takeOver ? TAKE_OVER_MS : 0);
      // In some rounds only, because deletions may wait for those who read the usage.
      if (i % 4 === 0) {
        do {
          await expectUsage(store, inserted);
          answers++;
          await setTimeout(1);
        } while (performance.now() < killAt);
      }
      await setTimeout(Math.max(0, killAt - performance.now()));
      await kill(deleters);
      if (await isInterrupted?.()) interrupted++;
      await expectUsage(store, inserted);
      // Completes what was interrupted; in every fourth round, the next deleters do it, and are killed too.
      if (i % 4 !== 2) await store.deleteBefore(ORGANIZATION, Date.UTC(2100, 0), 7);
    }
    // What the killed processes began is completed.
    while ((await store.deleteBefore(ORGANIZATION, Date.UTC(2100, 0), 500)) > 0);
    await expectUsage(store, inserted);
    const ledger = await store.usageLedger(ORGANIZATION);
    expect(ledger.reduce((sum, { requests }) => sum + requests, 0)).toBe(inserted.count);
    const scope = { organizationId: ORGANIZATION, visibleFrom: null };
    expect(await store.count(scope, MATCH_ALL, null)).toEqual({ count: 0, exact: true });
    console.log({ store: url.slice(0, 30), kills, interrupted, logs: inserted.count, answers });
    expect(answers).toBeGreaterThanOrEqual(kills / 4);
    return interrupted;
  } finally {
    await store.close();
  }
}

/** The logs that were inserted so far, in sums. */
class Inserted {
  count = 0;
  readonly byType: Record<string, readonly number[]> = {};

  /** Returns the next logs. */
  next(): RequestLog[] {
    const logs = Array.from({ length: BATCH }, (_, i) => logOf(this.count + i));
    this.count += BATCH;
    for (const { endpointType, statusCode, durationMs } of logs) {
      const sums = [1, 2, statusCode === 500 ? 1 : 0, durationMs === null ? 0 : 1, durationMs ?? 0];
      add(this.byType, String(endpointType), sums);
    }
    return logs;
  }
}

function logOf(number: number) {
  return sampleLog({
    organizationId: ORGANIZATION,
    requestId: `r${number}`,
    // Every log is late for someone: the times of a batch are spread over three days.
    createdAt: SAMPLE_TIME + (number % 72) * 3_600_000 + number,
    endpointType: TYPES[Math.floor(number / KEYS.length) % TYPES.length]!,
    apiKeyId: KEYS[number % KEYS.length]!,
    statusCode: number % 5 === 0 ? 500 : 200,
    billedUnits: 2,
    durationMs: number % 2 === 0 ? 10 : null,
  });
}

async function expectUsage(store: Store, { count, byType }: Inserted): Promise<void> {
  const types: Record<string, readonly number[]> = {};
  for (const row of await store.usage(ORGANIZATION, { ...ALL, by: 'endpointType' })) {
    const { endpointType, requests, billedUnits, errors, durations, durationMs } = row;
    add(types, String(endpointType), [requests, billedUnits, errors, durations, durationMs]);
  }
  expect(types).toEqual(byType);
  // The name of the erased key is lost, its usage is not.
  const keys: Record<string, readonly number[]> = {};
  for (const { apiKeyId, requests } of await store.usage(ORGANIZATION, { ...ALL, by: 'apiKeyId' })) {
    add(keys, apiKeyId === ERASED ? 'null' : String(apiKeyId), [requests]);
  }
  const each = [count / KEYS.length];
  expect(keys).toEqual({ key_0: each, key_2: each, null: each });
}

function add(all: Record<string, readonly number[]>, name: string, sums: readonly number[]): void {
  all[name] = sums.map((one, i) => one + (all[name]?.[i] ?? 0));
}

function spawnDeleter(url: string, ...apiKey: string[]): ChildProcess {
  return spawn(process.execPath, [DELETER, url, ORGANIZATION, ...apiKey], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function ready(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('The process that deletes logs has failed.');
  });
  await Promise.race([once(child.stdout!, 'data'), ended]);
  ended.catch(() => undefined);
}

async function kill(children: readonly ChildProcess[]): Promise<void> {
  const closed = children.map((child) => once(child, 'close'));
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(closed);
}

describe(`processes that are killed ${KILLS} times while they delete logs count each log once`, () => {
  it('on SQLite', async () => {
    await killRepeatedly(KILLS, temporaryStoreUrl());
  });

  it.each(MONGODB_URLS)('on MongoDB, %s', async (url) => {
    const client = new MongoClient(url);
    let interrupted = 0;
    try {
      for (let left = KILLS; left > 0; left -= KILLS_OF_DATABASE) {
        const database = testDatabase();
        const own = databaseUrl({ url }, database);
        const deletions = client.db(database).collection<{ pending: object | null }>('usage_deletions');
        const isInterrupted = async () => (await deletions.findOne())?.pending != null;
        try {
          interrupted += await killRepeatedly(Math.min(left, KILLS_OF_DATABASE), own, isInterrupted);
        } finally {
          await client.db(database).dropDatabase();
        }
      }
    } finally {
      await client.close();
    }
    expect(interrupted).toBeGreaterThan(KILLS / 20);
  });
});
