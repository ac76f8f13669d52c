import { expect, it } from 'vitest';
import { recorded, sampleLog } from '../../../../test/store/samples.ts';
import { RelaylogError } from '../../../log/errors.ts';
import { type InsertRow, insertRow } from '../schema/insert-row.ts';
import { InsertQueue } from './insert-queue.ts';

const row = insertRow(recorded(sampleLog()));
const batchOf = (count: number): InsertRow[] => Array.from({ length: count }, () => row);

/** A store that notes the sizes of the batches of each transaction, and does as `fail` says. */
function queue(fail: (sizes: readonly number[]) => void = () => undefined) {
  const transactions: number[][] = [];
  const inserts = new InsertQueue(async (batches) => {
    const sizes = batches.map((batch) => batch.length);
    transactions.push(sizes);
    await new Promise((stored) => setTimeout(stored, 1));
    fail(sizes);
    return sizes.map((stored) => ({ stored, duplicates: 0 }));
  });
  return { transactions, inserts };
}

it('stores together what waits, up to a number of logs, and answers each batch for itself', async () => {
  const { transactions, inserts } = queue();
  const sizes = [1, 2, 3, 19_000, 1_000, 30_000, 4, 5];
  const results = await Promise.all(sizes.map((size) => inserts.insert(batchOf(size))));
  expect(results.map(({ stored }) => stored)).toEqual(sizes);
  expect(transactions).toEqual([[1], [2, 3, 19_000], [1_000], [30_000], [4, 5]]);
});

it('stores the neighbours of a batch that cannot be stored', async () => {
  const { transactions, inserts } = queue((sizes) => {
    if (sizes.includes(3)) throw new TypeError('broken');
  });
  const results = await Promise.allSettled([1, 2, 3, 4].map((size) => inserts.insert(batchOf(size))));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(transactions).toEqual([[1], [2, 3, 4], [2], [3], [4]]);
});

it('answers all that wait at once where the store cannot store, and goes on', async () => {
  let away = true;
  const { transactions, inserts } = queue((sizes) => {
    if (away && sizes.length > 1) throw new RelaylogError('UNAVAILABLE', 'locked');
  });
  const results = await Promise.allSettled([1, 2, 3].map((size) => inserts.insert(batchOf(size))));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(transactions).toEqual([[1], [2, 3]]);
  away = false;
  expect(await inserts.insert(batchOf(7))).toEqual({ stored: 7, duplicates: 0 });
});
