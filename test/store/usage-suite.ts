import { setImmediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteOrganization, eraseLogs } from '../../src/retention/erase.ts';
import type { Store } from '../../src/store/store.ts';
import type { UsageEntry, UsageQuestion } from '../../src/usage/usage.ts';
import { recorded, SAMPLE_TIME, sampleLog } from './samples.ts';
import { UsageOracle } from './usage-oracle.ts';

const DAY = 86_400_000;
const FIRST_DAY = SAMPLE_TIME / DAY;
const TYPES = [null, 'search', 'read', '', '10', '9', '__proto__'];

const anyLog = fc.record({
  requestId: fc.nat(40).map((i) => `r${i}`),
  createdAt: fc.nat(4 * 24).map((hours) => SAMPLE_TIME + hours * 3_600_000),
  endpointType: fc.constantFrom(...TYPES),
  apiKeyId: fc.constantFrom(null, 'key_1', 'key_2', 'key_3'),
  consumerId: fc.constantFrom(null, 'c1', 'c2'),
  statusCode: fc.constantFrom(200, 302, 399, 400, 404, 500, 599),
  billedUnits: fc.nat(3),
  durationMs: fc.option(fc.nat(2_000), { nil: null }),
});

const anyQuestion: fc.Arbitrary<UsageQuestion> = fc
  .record({
    from: fc.integer({ min: -1, max: 4 }),
    days: fc.constantFrom(1, 2, 6, 400),
    by: fc.constantFrom('day', 'endpointType', 'apiKeyId'),
    endpointType: fc.constantFrom(undefined, undefined, 'search', 'no log has it', ''),
  })
  .map(({ from, days, by, endpointType }) => ({
    fromDay: FIRST_DAY + from,
    endDay: FIRST_DAY + from + days,
    by,
    endpointType,
  }));

const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ insert: fc.array(anyLog, { minLength: 1, maxLength: 25 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      purge: fc.nat(5 * 24).map((hours) => SAMPLE_TIME + hours * 3_600_000),
      limit: fc.integer({ min: 1, max: 20 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      field: fc.constantFrom('apiKeyId', 'apiKeyId', 'consumerId', 'requestId'),
      pick: fc.nat(2),
    }),
  },
  fc.record({ expire: fc.integer({ min: FIRST_DAY, max: FIRST_DAY + 2 }) }),
  fc.constant({ rollUp: true }),
);

const VALUES = {
  apiKeyId: ['key_1', 'key_2', 'key_3'],
  consumerId: ['c1', 'c2', 'c3'],
  requestId: ['r1', 'r2', 'r3'],
} as const;

/** The part of the conformance suite for usage: a log counts once, whether it exists or was deleted. */
export function describeUsage(name: string, open: () => Promise<Store>, runs: number): void {
  describe(`${name}: usage`, () => {
    let store: Store;
    let tenant = 0;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    const newOrganization = async () => {
      const id = `usage-${++tenant}`;
      await store.createOrganization({ id, plan: 'free', createdAt: 1 });
      return id;
    };

    it('is that of all logs in memory, after any insertions, purges and erasures', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(anyStep, anyQuestion), { minLength: 1, maxLength: 14 }),
          async (steps) => {
            const id = await newOrganization();
            const oracle = new UsageOracle();
            for (const [step, question] of steps) {
              await take(store, id, oracle, step);
              expect(await store.usage(id, question)).toEqual(oracle.answer(question));
              expect(inOrder(await store.usageLedger(id))).toEqual(inOrder(oracle.ledger() as UsageEntry[]));
            }
            const all = { fromDay: 0, endDay: 1e6, by: 'day' } as const;
            expect(await store.usage(id, all)).toEqual(oracle.answer(all));
          },
        ),
        { numRuns: runs / 10 },
      );
    });

    it('counts each log once while logs are purged and erased at the same time', async () => {
      const id = await newOrganization();
      const logs = Array.from({ length: 600 }, (_, i) =>
        sampleLog({
          organizationId: id,
          requestId: `r${i}`,
          createdAt: SAMPLE_TIME + i,
          apiKeyId: `key_${i % 3}`,
          endpointType: TYPES[i % 3]!,
          billedUnits: 1,
        }),
      );
      await store.insert(logs.map(recorded));
      const deletions = Promise.all([
        (async () => {
          while ((await store.deleteBefore(id, SAMPLE_TIME + 480, 50)) > 0);
        })(),
        eraseLogs(
          store,
          { organizationId: id, match: { field: 'apiKeyId', value: 'key_1' } },
          { rewrite: false },
        ),
      ]);
      let ended = false;
      const ending = deletions.finally(() => {
        ended = true;
      });
      const question = { fromDay: FIRST_DAY, endDay: FIRST_DAY + 1, by: 'endpointType' } as const;
      let answers = 0;
      do {
        const rows = await store.usage(id, question);
        expect(rows.map(({ requests, billedUnits }) => [requests, billedUnits])).toEqual(
          Array(3).fill([200, 200]),
        );
        answers++;
        // Without it, a store without threads would never reach the timers of the erasure.
        await setImmediate();
      } while (!ended);
      await ending;
      expect(answers).toBeGreaterThan(1);
      const byKey = await store.usage(id, { ...question, by: 'apiKeyId' });
      const named = Object.fromEntries(byKey.map(({ apiKeyId, requests }) => [String(apiKeyId), requests]));
      expect(named).toEqual({ key_0: 200, key_2: 200, null: 200 });
    });

    it('ends with its organization', async () => {
      const id = await newOrganization();
      const log = sampleLog({ organizationId: id, apiKeyId: 'key_1' });
      await store.insert([recorded(log), recorded(sampleLog({ organizationId: id, requestId: 'r2' }))]);
      expect(await store.deleteBefore(id, SAMPLE_TIME + 1, 1)).toBe(1);
      expect(await store.usageLedger(id)).toHaveLength(1);
      await deleteOrganization(store, id, { rewrite: false });
      expect(await store.usageLedger(id)).toEqual([]);
      // A purge that began before the deletion.
      await store.insert([recorded(log)]);
      expect(await store.deleteBefore(id, SAMPLE_TIME + 1, 1)).toBe(1);
      expect(await store.usageLedger(id)).toEqual([]);
      const question = { fromDay: 0, endDay: 1e6, by: 'day' } as const;
      expect(await store.usage(id, question)).toEqual([]);
    });

    it('can be replaced, and belongs to one organization', async () => {
      const [id, other] = [await newOrganization(), await newOrganization()];
      const entry = (day: number, apiKeyId: string | null, requests: number): UsageEntry => ({
        day,
        endpointType: null,
        apiKeyId,
        requests,
        billedUnits: 2 ** 50,
        errors: 0,
        durations: 0,
        durationMs: 0,
      });
      const entries = [entry(20_000, 'key_1', 3), entry(20_001, null, 4)];
      await store.replaceUsageLedger(id, entries);
      await store.replaceUsageLedger(id, entries);
      expect(inOrder(await store.usageLedger(id))).toEqual(entries);
      expect(await store.usageLedger(other)).toEqual([]);
      await store.cleanUp({ rewrite: false });
      expect(inOrder(await store.usageLedger(id))).toEqual(entries);
      await store.deleteUsageBefore(id, 20_001);
      expect(await store.usageLedger(id)).toEqual(entries.slice(1));
      await store.replaceUsageLedger(id, []);
      expect(await store.usageLedger(id)).toEqual([]);
    });
  });
}

type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

async function take(store: Store, organizationId: string, oracle: UsageOracle, step: Step): Promise<void> {
  if ('insert' in step) {
    const logs = step.insert.map((log) => sampleLog({ ...log, organizationId }));
    const stored = oracle.insert(logs);
    expect(await store.insert(logs.map(recorded))).toEqual({ stored, duplicates: logs.length - stored });
  } else if ('purge' in step) {
    const { purge, limit } = step;
    expect(await store.deleteBefore(organizationId, purge, limit)).toBe(oracle.purge(purge, limit));
  } else if ('field' in step) {
    const { field, pick } = step;
    const value = VALUES[field][pick]!;
    const erased = await eraseLogs(store, { organizationId, match: { field, value } }, { rewrite: false });
    expect(erased.logs).toBe(oracle.erase(field, value));
  } else if ('expire' in step) {
    await store.deleteUsageBefore(organizationId, step.expire);
    oracle.expire(step.expire);
  } else {
    while (await store.rollUpStep(Date.UTC(2030, 0, 1)));
  }
}

function inOrder(entries: readonly UsageEntry[]): UsageEntry[] {
  const keyOf = ({ day, endpointType, apiKeyId }: UsageEntry) =>
    JSON.stringify([day, endpointType, apiKeyId]);
  return entries.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
