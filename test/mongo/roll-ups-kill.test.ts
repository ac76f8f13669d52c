import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DAY_MS } from '../../src/lib/time-units.ts';
import { MATCH_ALL } from '../../src/log/filter.ts';
import { allMeasures } from '../../src/stats/answer.ts';
import { checkedPart } from '../../src/stats/question.ts';
import { MONGO_ROLL_UP_LIMITS } from '../../src/store/mongo/stats/limits.ts';
import { MongoStore } from '../../src/store/mongo/store.ts';
import type { RollUpCheck, RollUpCheckPosition } from '../../src/store/roll-ups/check.ts';
import { SAMPLE_TIME } from '../store/samples.ts';
import { trials } from '../support/trials.ts';
import { insertKilledBatch } from './killed-batch.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase } from './servers.ts';

const KILLS = Number(process.env.RELAYLOG_LONG_ROLL_UP_KILLS ?? trials(6, 200));
const WRITER = new URL('./roll-up-writer.ts', import.meta.url).pathname;
/** Each of these many rounds start with an empty database: a server that scans all logs for each hour takes longer with each round. */
const ROUNDS_OF_DATABASE = 20;
/** How often all days are compared, in rounds. */
const EACH_DAY = 10;
const FIRST_DAY = SAMPLE_TIME / DAY_MS;
const NOW = SAMPLE_TIME + 1e12;
const SCOPE = { organizationId: 'acme', visibleFrom: null };
const ALL = checkedPart({ groups: null, buckets: null });

/**
 * How long a mark must be unchanged, in milliseconds: ten times as long as the slowest of some inserts, so that a stall on a busy
 * machine is no difference, but short enough that many hours are built between two kills.
 */
async function longerThanInserts(store: MongoStore): Promise<number> {
  let slowest = 0;
  const insert = async (process: number) => {
    for (let i = 0; i < 10; i++) {
      const start = performance.now();
      await insertKilledBatch(store, -1, 3 * i + process);
      slowest = Math.max(slowest, performance.now() - start);
    }
  };
  await Promise.all([0, 1, 2].map(insert));
  return Math.max(1_500, 10 * slowest);
}

const DATABASES = Array.from({ length: Math.ceil(KILLS / ROUNDS_OF_DATABASE) }, (_, i) => ({
  number: i + 1,
  rounds: Math.min(ROUNDS_OF_DATABASE, KILLS - i * ROUNDS_OF_DATABASE),
}));

describe.each(SERVERS)('roll-ups on $name', (server) => {
  it.each(DATABASES)(
    'equal the logs of database $number after $rounds kills of processes that insert, build and delete',
    {
      timeout: 60_000 + ROUNDS_OF_DATABASE * 30_000,
    },
    async ({ rounds }) => {
      const database = testDatabase();
      const url = databaseUrl(server, database);
      onTestFinished(() => dropDatabase(server, database));
      const store = new MongoStore({ url });
      await store.ping();
      const quietMs = await longerThanInserts(store);
      console.log({ server: server.name, quietMs });
      const start = (round: number, role: string) => {
        const child = spawn(process.execPath, [WRITER, url, String(round), role, String(quietMs)], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${role} ended`)));
        const started = Promise.race([once(child.stdout, 'data'), ended]);
        // Nobody waits for a builder, which is killed at any time.
        started.catch(() => undefined);
        child.stdout.resume();
        return { child, started };
      };
      const kill = async (child: ChildProcess) => {
        const ended = once(child, 'exit');
        // False if it has failed before.
        expect(child.kill('SIGKILL')).toBe(true);
        await ended;
      };
      let compared = 0;
      /** Compares the first day with logs, and all days from `from` on. */
      const check = async (from: number) => {
        let after: RollUpCheckPosition | null = null;
        do {
          const step: RollUpCheck = await store.checkRollUps(after);
          expect(step.differences).toEqual([]);
          compared += step.hours;
          after = step.next && { ...step.next, day: Math.max(step.next.day, FIRST_DAY + from - 1) };
        } while (after !== null);
        const [answer] = await store.stats(SCOPE, MATCH_ALL, [ALL]);
        const { count } = await store.count(SCOPE, MATCH_ALL, null);
        expect(allMeasures(answer!).count).toBe(count);
        return count;
      };
      let builder = start(0, 'build');
      try {
        for (let round = 0; round < rounds; round++) {
          const inserts = [start(round, 'insert'), start(round, 'insert')];
          const deletes = round % 3 === 2 ? [start(round, 'delete')] : [];
          const running = [...inserts, ...deletes];
          await Promise.all(running.map(({ started }) => started));
          // The hours of the round before are quiet, so they are built meanwhile.
          await setTimeout(Math.random() * 1_500);
          await Promise.all(running.map(({ child }) => kill(child)));
          if (round % 2 === 1) {
            await kill(builder.child);
            builder = start(round, 'build');
          }
          // The server may still run the last command of a killed process.
          await setTimeout(200);
          // Mostly the first day and the last two change. All days each time would take longer with each round.
          await check(round % EACH_DAY === 0 ? 0 : round - 2);
        }
      } finally {
        await kill(builder.child);
      }
      while (await store.rollUpStep(NOW, { ...MONGO_ROLL_UP_LIMITS, quietMs: 0 }));
      expect(await store.rollUpStatus()).toEqual({ changedHours: 0, unfinishedOrganizations: 0 });
      const before = compared;
      expect(await check(0)).toBeGreaterThan(0);
      expect(compared).toBeGreaterThan(before);
      await store.close();
    },
  );
});
