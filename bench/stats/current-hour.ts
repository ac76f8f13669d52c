import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { newApiKey } from '../../src/access/api-key.ts';
import { SCOPE_NAMES } from '../../src/access/scopes.ts';
import { createApp } from '../../src/app.ts';
import { ROLL_UPS, scheduleWork } from '../../src/background/scheduled-work.ts';
import { loadConfig } from '../../src/config/config.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/lib/time-units.ts';
import { openStore } from '../../src/store/open-store.ts';
import { ROLL_UP_LIMITS, type RollUpLimits } from '../../src/store/roll-ups/declared.ts';
import type { Store } from '../../src/store/store.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { jsonPost } from '../../test/support/json-post.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { HIGH_LIMITS } from '../../test/support/with-high-limits.ts';
import { loadStore } from './load.ts';
import { logAt, ORGANIZATION } from './logs.ts';

const HOUR = Date.UTC(2026, 10, 20, 9);
const LOGS = 1_000_000;
/** The part of the hour that is filled before the first question. */
const FILLED = 50 * MINUTE_MS;
const LOGS_A_SECOND = 5_000;
const BATCH = 500;
const PAUSE_MS = 200;

const QUERY = `query ($from: DateTime!, $to: DateTime!) {
  requestLogStats(filter: { createdAt: { gte: $from, lt: $to } }) {
    measures { count clientErrorCount serverErrorCount durationMs { p95 } }
    buckets(interval: MINUTE) { from measures { count } }
  }
}`;

interface Answer {
  readonly data: { readonly requestLogStats: { readonly measures: { readonly count: number } } };
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

/**
 * Questions about the last hour through GraphQL in process, while the hour that has 1,000,000 logs gets 5,000 more each second, and
 * roll-ups are built as in the gateway.
 */
export async function currentHour(folder: string): Promise<void> {
  const file = join(folder, 'hour.db');
  if (!existsSync(file)) await loadStore(file, LOGS, HOUR, FILLED);
  console.log(
    `\nThe last hour by minute, totals and p95, while its ${LOGS} logs become ${LOGS_A_SECOND} more each second\n\n| roll-ups | median ms | 95th percentile | 99th | slowest | logs a second |\n| --- | --- | --- | --- | --- | --- |`,
  );
  let number = LOGS;
  let offset = 0;
  for (const [name, limits, questions] of [
    ['hours and units', ROLL_UP_LIMITS, 200],
    // Without units, each question reads the logs of the hour.
    ['hours alone', { ...ROLL_UP_LIMITS, denseHour: Number.POSITIVE_INFINITY }, 5],
  ] as const) {
    const store = await openStore(`sqlite:${file}`);
    await store.resetRollUps();
    const start = HOUR + FILLED + offset;
    while (await store.rollUpStep(start, limits));
    const result = await questionsDuringIngest(store, start, limits, number, questions);
    const at = (share: number) => result.times[Math.ceil(result.times.length * share) - 1]!.toFixed(1);
    console.log(
      `| ${name} | ${at(0.5)} | ${at(0.95)} | ${at(0.99)} | ${at(1)} | ${result.rate.toFixed(0)} |`,
    );
    number = result.number;
    offset = result.end - HOUR - FILLED;
    await store.close();
  }
}

async function questionsDuringIngest(
  store: Store,
  start: number,
  limits: RollUpLimits,
  firstNumber: number,
  questions: number,
): Promise<{ times: number[]; rate: number; number: number; end: number }> {
  const begin = performance.now();
  const now = () => Math.floor(start + performance.now() - begin);
  const { key, record } = newApiKey(
    { organizationId: ORGANIZATION, scopes: SCOPE_NAMES, expiresAt: null },
    now(),
  );
  await store.createKey(record);
  const config = loadConfig({ ...HIGH_LIMITS, RELAYLOG_LOG_LEVEL: 'silent' });
  const ingest = {
    pending: 0,
    ingest: () => Promise.reject(new Error('not measured')),
    close: async () => {},
  };
  const app = createApp({ config, store, ingest, logger: createLogger('silent'), now });
  const limited = Object.assign(Object.create(store) as Store, {
    rollUpStep: (time: number) => store.rollUpStep(time, limits),
  });
  const report = (error: unknown) => {
    throw error;
  };
  const stop = scheduleWork(limited, ROLL_UPS, { now, done: () => {}, due: () => {}, report });

  const random = seededRandom(firstNumber);
  let number = firstNumber;
  let isEnding = false;
  const insert = async () => {
    for (let due = performance.now(); !isEnding; due += (BATCH / LOGS_A_SECOND) * SECOND_MS) {
      await setTimeout(Math.max(0, due - performance.now()));
      await store.insert(Array.from({ length: BATCH }, () => logAt(number++, now(), random)));
    }
  };
  const inserting = insert();
  const times: number[] = [];
  let expected = number;
  for (let i = 0; i < questions; i++) {
    await setTimeout(PAUSE_MS);
    const end = now() + 1;
    const variables = {
      from: new Date(end - HOUR_MS).toISOString(),
      to: new Date(end).toISOString(),
    };
    const sent = performance.now();
    const response = await app.request('/graphql', jsonPost(key, { query: QUERY, variables }));
    const answer = (await response.json()) as Answer;
    times.push(performance.now() - sent);
    // It takes more than its time limit.
    if (answer.errors?.[0]?.extensions.code === 'QUERY_TIMEOUT') continue;
    const { count } = answer.data.requestLogStats.measures;
    if (count < expected) throw new Error(`There were ${expected} logs, and ${count} later.`);
    expected = count;
  }
  isEnding = true;
  await inserting;
  const end = now();
  await stop();
  return {
    times: times.toSorted((a, b) => a - b),
    rate: ((number - firstNumber) / (end - start)) * SECOND_MS,
    number,
    end,
  };
}
