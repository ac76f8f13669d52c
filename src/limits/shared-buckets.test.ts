import { setTimeout } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BucketRequest } from '../store/bucket.ts';
import { currentCall, runInCall } from '../telemetry/call.ts';
import { MemoryBuckets } from './memory-buckets.ts';
import { sharedBuckets } from './shared-buckets.ts';

const consume = (now: number, over: Partial<BucketRequest> = {}): BucketRequest => ({
  ...{ capacity: 10, fillMs: 10_000, cost: 1, now, isWithinShare: true, isStarving: false },
  ...over,
});

/** A store that some other process shares, which may be away; and this process. */
function sharing() {
  const elsewhere = new MemoryBuckets();
  const reports: unknown[] = [];
  const status = { away: false, calls: 0 };
  const store = {
    async consume(name: string, requested: BucketRequest) {
      status.calls++;
      if (status.away) throw new Error('away');
      return elsewhere.consume(name, requested);
    },
  };
  const ask = sharedBuckets(store, new MemoryBuckets(), (error) => reports.push(error));
  const granted = async (now: number, over: Partial<BucketRequest> = {}) =>
    (await ask('a', consume(now, over), now)).granted;
  return { ask, elsewhere, reports, status, granted };
}

it('what another process drew is gone here, too', async () => {
  const { elsewhere, granted } = sharing();
  elsewhere.consume('a', consume(0, { cost: 9 }));
  expect([await granted(0), await granted(0)]).toEqual([true, false]);
});

it('what is known to be refused is refused without asking the store, unless somebody starves', async () => {
  const { status, granted } = sharing();
  await granted(0, { cost: 10 });
  for (let i = 0; i < 100; i++) expect(await granted(500)).toBe(false);
  expect(status.calls).toBe(1);
  expect(await granted(500, { isStarving: true })).toBe(false);
  expect(status.calls).toBe(2);
  expect(await granted(1_000)).toBe(true);
});

it('goes on by itself while the store is away, from where it last stood, and asks again after five seconds', async () => {
  const { reports, status, granted } = sharing();
  expect(await granted(0, { cost: 8 })).toBe(true);
  status.away = true;
  expect([await granted(0), await granted(0), await granted(0)]).toEqual([true, true, false]);
  expect(await granted(4_999, { cost: 3 })).toBe(true);
  expect([status.calls, reports.length]).toEqual([2, 1]);
  status.away = false;
  expect(await granted(5_000)).toBe(true);
  expect(status.calls).toBe(3);
});

it('requests that arrive during a call of the store are consumed together by the next call, in their order', async () => {
  const { ask, status } = sharing();
  const all = await Promise.all(Array.from({ length: 15 }, () => ask('a', consume(0), 0)));
  expect(all.map(({ granted }) => granted)).toEqual([...Array(10).fill(true), ...Array(5).fill(false)]);
  expect(all.map(({ state }) => state.used)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 10, 10, 10]);
  expect(status.calls).toBe(2);
});

it('requests at once are answered as those that are made one after the other', async () => {
  const anyDraw = fc.record({
    cost: fc.nat(6),
    isWithinShare: fc.boolean(),
    isStarving: fc.constantFrom(false, false, true),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(anyDraw, { maxLength: 20 }), async (requested) => {
      const { ask } = sharing();
      const one = new MemoryBuckets();
      const requests = requested.map((over) => consume(0, over));
      const together = await Promise.all(requests.map((each) => ask('a', each, 0)));
      expect(together).toEqual(requests.map((each) => one.consume('a', each)));
    }),
  );
});

it('what another process consumes meanwhile is never granted twice', async () => {
  const { ask, elsewhere } = sharing();
  const mine = Promise.all(Array.from({ length: 10 }, () => ask('a', consume(0), 0)));
  const theirs = Array.from({ length: 7 }, () => elsewhere.consume('a', consume(0)));
  const granted = [...(await mine), ...theirs].filter((decision) => decision.granted);
  expect(granted.length).toBe(10);
});

it('requests within their share and over it are consumed together while nothing is reserved', async () => {
  const { ask, status } = sharing();
  const many = { capacity: 100 };
  const requested = Array.from({ length: 60 }, (_, i) => consume(0, { ...many, isWithinShare: i % 2 === 0 }));
  const all = await Promise.all(requested.map((each) => ask('a', each, 0)));
  expect(all.map(({ state }) => state.used)).toEqual(requested.map((_, i) => i + 1));
  expect(status.calls).toBe(2);
});

it('those within their share wait for none that is refused', async () => {
  const { ask, granted, status } = sharing();
  // One client starves, so half of the bucket is reserved for clients within their share from now on.
  await granted(0, { cost: 10 });
  await granted(0, { isStarving: true });
  const before = status.calls;
  const requested = Array.from({ length: 12 }, (_, i) => consume(7_000, { isWithinShare: i % 2 === 0 }));
  const all = await Promise.all(requested.map((each) => ask('a', each, 7_000)));
  expect(all.map(({ granted }) => granted)).toEqual([
    ...[true, true, true, false, true, false],
    ...[true, false, true, false, true, false],
  ]);
  expect(status.calls - before).toBeLessThanOrEqual(3);
});

it('each call of the store is made on behalf of a request that waits for it', async () => {
  const request = new Request('http://localhost/');
  const made: (string | undefined)[] = [];
  const buckets = new MemoryBuckets();
  const store = {
    async consume(name: string, requested: BucketRequest) {
      made.push(currentCall()?.requestId);
      return buckets.consume(name, requested);
    },
  };
  const ask = sharedBuckets(store, new MemoryBuckets(), () => undefined);
  const of = (requestId: string) =>
    runInCall({ requestId, api: 'scrip', address: null, trace: null, request }, () =>
      ask('a', consume(0), 0),
    );
  await Promise.all(['one', 'two', 'three'].map(of));
  await of('four');
  expect(made).toEqual(['one', 'two', 'four']);
});

it('a store that is slow to fail is left alone for five seconds from then on', async () => {
  let calls = 0;
  const store = {
    async consume(): Promise<never> {
      calls += 1;
      await setTimeout(50);
      throw new Error('away');
    },
  };
  const ask = sharedBuckets(store, new MemoryBuckets(), () => undefined);
  for (const now of [0, 5_020, 5_020 + 5_100]) await ask('a', consume(now), now);
  expect(calls).toBe(2);
});

it('all who wait are answered when the store fails', async () => {
  const { ask, reports, status } = sharing();
  status.away = true;
  const all = await Promise.all(Array.from({ length: 12 }, () => ask('a', consume(0), 0)));
  expect(all.filter(({ granted }) => granted).length).toBe(10);
  expect([status.calls, reports.length]).toEqual([1, 1]);
});
