import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { MATCH_ALL } from '../../src/log/filter.ts';
import { allMeasures } from '../../src/stats/answer.ts';
import { checkedPart } from '../../src/stats/question.ts';
import { MongoStore } from '../../src/store/mongo/store.ts';
import type { RollUpCheck, RollUpCheckPosition } from '../../src/store/roll-ups/check.ts';
import { ROLL_UP_LIMITS } from '../../src/store/roll-ups/declared.ts';
import { SAMPLE_TIME } from '../store/samples.ts';
import { trials } from '../support/trials.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase } from './servers.ts';

const KILLS = Number(process.env.RELAYLOG_LONG_ROLL_UP_KILLS ?? trials(6, 200));
const WRITER = new URL('./roll-up-writer.ts', import.meta.url).pathname;
const NOW = SAMPLE_TIME + 1e12;
const SCOPE = { organizationId: 'acme', visibleFrom: null };
const ALL = checkedPart({ groups: null, buckets: null });

describe.each(SERVERS)('roll-ups on $name', (server) => {
  const database = testDatabase();
  const url = databaseUrl(server, database);
  afterAll(() => dropDatabase(server, database));

  it(`equal the logs after ${KILLS} kills of processes that insert, build and delete`, {
    timeout: 60_000 + KILLS * 20_000,
  }, async () => {
    const store = new MongoStore({ url });
    await store.ping();
    const start = (round: number, role: string) => {
      const child = spawn(process.execPath, [WRITER, url, String(round), role], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const started = once(child.stdout, 'data');
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
    const check = async () => {
      let after: RollUpCheckPosition | null = null;
      do {
        const step: RollUpCheck = await store.checkRollUps(after);
        expect(step.differences).toEqual([]);
        compared += step.hours;
        after = step.next;
      } while (after !== null);
      const [answer] = await store.stats(SCOPE, MATCH_ALL, [ALL]);
      const { count } = await store.count(SCOPE, MATCH_ALL, null);
      expect(allMeasures(answer!).count).toBe(count);
      return count;
    };
    let builder = start(0, 'build');
    try {
      for (let round = 0; round < KILLS; round++) {
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
        await check();
      }
    } finally {
      await kill(builder.child);
    }
    while (await store.rollUpStep(NOW, { ...ROLL_UP_LIMITS, quietMs: 0 }));
    expect(await store.rollUpStatus()).toEqual({ changedHours: 0, unfinishedOrganizations: 0 });
    const before = compared;
    expect(await check()).toBeGreaterThan(0);
    expect(compared).toBeGreaterThan(before);
    await store.close();
  });
});
