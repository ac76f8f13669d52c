import { expect, it } from 'vitest';
import { recorded, sampleLog } from '../../test/store/samples.ts';
import type { RecordedRequest } from '../log/request-log.ts';
import { BatchWriter } from './batch-writer.ts';
import type { InsertOptions, InsertResult } from './store.ts';

interface Call extends PromiseWithResolvers<InsertResult> {
  readonly logs: number;
  readonly more: boolean;
}

/** A store whose inserts the test ends; the calls are in order. */
function store(combinesInserts: boolean) {
  const calls: Call[] = [];
  const capabilities = { system: 'sqlite', isSharedByMachines: false, combinesInserts } as const;
  return {
    calls,
    capabilities,
    insert(batch: readonly RecordedRequest[], { more = false }: InsertOptions = {}) {
      const answer = Promise.withResolvers<InsertResult>();
      calls.push({ logs: batch.length, more, ...answer });
      return answer.promise;
    },
  };
}

/** Ends the calls that have not ended, as a commit does. */
function commit(calls: readonly Call[]): void {
  for (const { logs, resolve } of calls) resolve({ stored: logs, duplicates: 0 });
}

/** Adds logs until all are added or the store takes no more. Returns the number of added logs. */
async function add(writer: BatchWriter, count: number, more: Partial<RecordedRequest['log']> = {}) {
  let added = 0;
  const adding = (async () => {
    for (; added < count; added++) {
      writer.add(recorded(sampleLog({ requestId: `r${added}`, ...more })));
      if (writer.isDue) await writer.send();
    }
  })();
  await Promise.race([adding, new Promise((end) => setTimeout(end, 400))]);
  return added;
}

it('passes batches of 1,000, and 20,000 logs are one group', async () => {
  const slow = store(true);
  let stored = 0;
  const writer = new BatchWriter(slow, 'acme', (result) => {
    stored += result.stored;
  });
  await add(writer, 21_500);
  const end = writer.end();
  expect(slow.calls.map(({ logs }) => logs)).toEqual([...Array.from({ length: 21 }, () => 1_000), 500]);
  const groups = slow.calls.flatMap(({ more }, i) => (more ? [] : [i + 1]));
  expect(groups.at(-1)).toBe(22);
  // A slow machine may end a group earlier.
  expect(groups.every((last, i) => last - (groups[i - 1] ?? 0) <= 20)).toBe(true);
  commit(slow.calls);
  await end;
  expect(stored).toBe(21_500);
});

it.each([true, false])(
  'takes no more logs while the store is busy (it combines batches: %s)',
  async (combines) => {
    const slow = store(combines);
    const writer = new BatchWriter(slow, 'acme', () => undefined);
    const added = await add(writer, 100_000);
    expect(added).toBeLessThan(combines ? 42_000 : 3_000);
    expect(slow.calls.filter(({ more }) => !more)).toHaveLength(combines ? 2 : 1);
  },
);

it('counts the texts of logs: long ones make smaller batches and groups', async () => {
  const slow = store(true);
  const writer = new BatchWriter(slow, 'acme', () => undefined);
  await add(writer, 5_000, { userAgent: 'x'.repeat(8_000) });
  expect(Math.max(...slow.calls.map(({ logs }) => logs))).toBeLessThan(140);
  expect(slow.calls.reduce((sum, { logs }) => sum + logs, 0)).toBeLessThan(2_300);
});

it('ends a group that is a second old', async () => {
  const slow = store(true);
  const writer = new BatchWriter(slow, 'acme', () => undefined);
  await add(writer, 1_500);
  expect(writer.isDue).toBe(false);
  await new Promise((end) => setTimeout(end, 1_010));
  expect(writer.isDue).toBe(true);
  await writer.send();
  expect(slow.calls.map(({ logs, more }) => [logs, more])).toEqual([
    [1_000, true],
    [500, false],
  ]);
});

it('passes nothing more after a failure, but ends the group, and throws the first error', async () => {
  const broken = store(true);
  const writer = new BatchWriter(broken, 'acme', () => undefined);
  await add(writer, 3_500);
  broken.calls[0]!.reject(new Error('first'));
  broken.calls[1]!.reject(new Error('second'));
  await new Promise((end) => setImmediate(end));
  await expect(writer.send()).rejects.toThrow('first');
  const end = writer.end();
  expect(broken.calls.slice(3).map(({ logs, more }) => [logs, more])).toEqual([[0, false]]);
  commit(broken.calls);
  await expect(end).rejects.toThrow('first');
});
