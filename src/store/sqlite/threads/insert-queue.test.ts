import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { recorded, SAMPLE_TIME, sampleLog } from '../../../../test/store/samples.ts';
import { temporaryStoreUrl } from '../../../../test/store/temporary.ts';
import { RelaylogError } from '../../../log/errors.ts';
import { MATCH_ALL } from '../../../log/filter.ts';
import { openStore } from '../../open-store.ts';
import { type InsertRow, insertRow } from '../schema/insert-row.ts';
import { InsertQueue } from './insert-queue.ts';

const row = insertRow(recorded(sampleLog()));
const batchOf = (size: number) => ({ rows: Array.from({ length: size }, () => row), ofOrganization: null });

/** An insert queue that records the batch sizes of each transaction; `fail` can make a transaction fail. */
function queue(fail: (sizes: readonly number[]) => void = () => undefined) {
  const transactions: number[][] = [];
  const inserts = new InsertQueue(async (batches) => {
    const sizes = batches.map(({ rows }) => rows.length);
    transactions.push(sizes);
    await new Promise((stored) => setTimeout(stored, 1));
    fail(sizes);
    return sizes.map((stored) => ({ stored, duplicates: 0 }));
  });
  return { transactions, inserts };
}

it('combines waiting batches up to a number of logs, and resolves each batch with its own result', async () => {
  const { transactions, inserts } = queue();
  const sizes = [1, 2, 3, 19_000, 1_000, 30_000, 4, 5];
  const results = await Promise.all(sizes.map((size) => inserts.insert(batchOf(size), 'acme')));
  expect(results.map(({ stored }) => stored)).toEqual(sizes);
  expect(transactions).toEqual([[1], [2, 3, 19_000], [1_000], [30_000], [4, 5]]);
});

it('stores the other batches of a group if one of them cannot be stored', async () => {
  const { transactions, inserts } = queue((sizes) => {
    if (sizes.includes(3)) throw new TypeError('broken');
  });
  const results = await Promise.allSettled([1, 2, 3, 4].map((size) => inserts.insert(batchOf(size), 'acme')));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(transactions).toEqual([[1], [2, 3, 4], [2], [3], [4]]);
});

it('rejects all batches of a group if the store is unavailable, then continues', async () => {
  let isUnavailable = true;
  const { transactions, inserts } = queue((sizes) => {
    if (isUnavailable && sizes.length > 1) throw new RelaylogError('UNAVAILABLE', 'locked');
  });
  const results = await Promise.allSettled([1, 2, 3].map((size) => inserts.insert(batchOf(size), 'acme')));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(transactions).toEqual([[1], [2, 3]]);
  isUnavailable = false;
  expect(await inserts.insert(batchOf(7), 'acme')).toEqual({ stored: 7, duplicates: 0 });
});

it('stores one batch of each organization in turn', async () => {
  const { transactions, inserts } = queue();
  const batches = [
    ['acme', 10_000],
    ['acme', 15_001],
    ['acme', 15_002],
    ['acme', 15_003],
    ['globex', 1],
    ['globex', 2],
    ['initech', 3],
  ] as const;
  await Promise.all(batches.map(([organization, size]) => inserts.insert(batchOf(size), organization)));
  expect(transactions).toEqual([[10_000], [1, 3, 2], [15_001], [15_002], [15_003]]);
});

it('stores quick batches before a large one, which waits for them once', async () => {
  const { transactions, inserts } = queue();
  let waiting = 4;
  const keepSending = async (organization: string) => {
    while (waiting > 0) await inserts.insert(batchOf(1), organization);
  };
  const sending = ['globex', 'initech'].map(keepSending);
  const large = Array.from({ length: waiting }, async () => {
    await inserts.insert(batchOf(15_000), 'acme');
    waiting--;
  });
  await Promise.all([...sending, ...large]);
  const kinds = transactions.map((sizes) => (sizes.includes(15_000) ? 'L' : '.')).join('');
  expect(kinds).toMatch(/^\.{1,2}L(\.L){3}\.*$/);
});

it('does not store batches that more will follow until one commit is full or the last one is there', async () => {
  const { transactions, inserts } = queue();
  const first = [inserts.insert(batchOf(1), 'acme', true), inserts.insert(batchOf(2), 'acme', true)];
  await new Promise((later) => setTimeout(later, 20));
  expect(transactions).toEqual([]);
  // A batch of another organization waits for nothing, so the waiting ones are stored with it.
  await inserts.insert(batchOf(3), 'globex');
  expect((await Promise.all(first)).map(({ stored }) => stored)).toEqual([1, 2]);
  const full = [9_000, 9_000, 4_000].map((size) => inserts.insert(batchOf(size), 'acme', true));
  await Promise.all(full.slice(0, 2));
  const last = inserts.insert(batchOf(0), 'acme');
  expect((await Promise.all([...full, last])).map(({ stored }) => stored)).toEqual([9_000, 9_000, 4_000, 0]);
  expect(transactions).toEqual([
    [1, 3, 2],
    [9_000, 9_000],
    [4_000, 0],
  ]);
});

it('stores each log once and in the order of its key, wherever transactions are interrupted', async () => {
  const batches = fc.array(
    fc.record({ key: fc.constantFrom('acme', 'globex'), size: fc.integer({ min: 0, max: 300 }) }),
    { minLength: 1, maxLength: 12 },
  );
  // How many logs a transaction stores before it looks whether it is interrupted.
  const steps = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(batches, steps, async (sent, step) => {
      const stored: Record<string, number[]> = { acme: [], globex: [] };
      const inserts = new InsertQueue(async (group, interruption) => {
        await null;
        let left = step[stored.acme!.length % step.length]!;
        const results = [];
        for (const { rows, ofOrganization } of group) {
          if (left <= 0 && Atomics.load(interruption, 0) === 1) break;
          const done = Atomics.load(interruption, 0) === 1 ? Math.min(left, rows.length) : rows.length;
          left -= done;
          const numbers = (rows as readonly InsertRow[])
            .slice(0, done)
            .map(({ values }) => Number(values[0]));
          stored[ofOrganization!]!.push(...numbers);
          results.push({ stored: numbers.filter(isOdd).length, duplicates: numbers.filter(isEven).length });
        }
        return results;
      });
      let number = 0;
      const numbered = sent.map(({ key, size }) => ({
        key,
        numbers: Array.from({ length: size }, () => number++),
      }));
      const results = numbered.map(({ key, numbers }) => {
        const rows = numbers.map((one) => ({ values: [one], payload: null }));
        return inserts.insert({ rows, ofOrganization: key }, key);
      });
      expect(await Promise.all(results)).toEqual(
        numbered.map(({ numbers }) => ({
          stored: numbers.filter(isOdd).length,
          duplicates: numbers.filter(isEven).length,
        })),
      );
      for (const key of ['acme', 'globex']) {
        const ofKey = numbered.filter((one) => one.key === key).flatMap(({ numbers }) => numbers);
        expect(stored[key]).toEqual(ofKey);
      }
    }),
  );
});

it('a quick batch is stored before the rest of a large one whose transaction has begun', async () => {
  const LARGE = 60_000;
  const store = await openStore(temporaryStoreUrl());
  onTestFinished(() => store.close());
  const log = (i: number, organizationId: string) =>
    recorded(sampleLog({ organizationId, requestId: `r${i}`, createdAt: SAMPLE_TIME + i }));
  const logs = Array.from({ length: LARGE }, (_, i) => log(i, 'acme'));
  // The first ones are duplicates.
  await store.insert(logs.slice(0, 1_500));
  let isLargeStored = false;
  const large = store.insert(logs).finally(() => {
    isLargeStored = true;
  });
  await store.insert([log(0, 'globex')]);
  expect(isLargeStored).toBe(false);
  expect(await large).toEqual({ stored: LARGE - 1_500, duplicates: 1_500 });
  const scope = { organizationId: 'acme', visibleFrom: null };
  expect(await store.count(scope, MATCH_ALL, null)).toEqual({ count: LARGE, exact: true });
});

const isOdd = (number: number) => number % 2 === 1;
const isEven = (number: number) => number % 2 === 0;
