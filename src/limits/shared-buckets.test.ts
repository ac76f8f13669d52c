import { setTimeout } from 'node:timers/promises';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BucketRequest } from '../store/bucket.ts';
import { currentCall, runInCall } from '../telemetry/call.ts';
import { MemoryBuckets } from './memory-buckets.ts';
import { sharedBuckets } from './shared-buckets.ts';

const bucketRequest = (now: number, over: Partial<BucketRequest> = {}): BucketRequest => ({
  ...{ capacity: 10, fillMs: 10_000, cost: 1, now, isWithinShare: true, isStarving: false },
  ...over,
});

/** Shared buckets over a store that another process uses too and that can be made unavailable. */
function shareStore() {
  const elsewhere = new MemoryBuckets();
  const reports: unknown[] = [];
  const status = { unavailable: false, calls: 0 };
  const store = {
    async consume(name: string, requested: BucketRequest) {
      status.calls++;
      if (status.unavailable) throw new Error('unavailable');
      return elsewhere.consume(name, requested);
    },
  };
  const consume = sharedBuckets(store, new MemoryBuckets(), (error) => reports.push(error));
  const granted = async (now: number, over: Partial<BucketRequest> = {}) =>
    (await consume('a', bucketRequest(now, over), now)).granted;
  return { consume, elsewhere, reports, status, granted };
}

it('counts what another process has consumed', async () => {
  const { elsewhere, granted } = shareStore();
  elsewhere.consume('a', bucketRequest(0, { cost: 9 }));
  expect([await granted(0), await granted(0)]).toEqual([true, false]);
});

it('refuses without a store call if the known state is too low, unless the client is starving', async () => {
  const { status, granted } = shareStore();
  await granted(0, { cost: 10 });
  for (let i = 0; i < 100; i++) expect(await granted(500)).toBe(false);
  expect(status.calls).toBe(1);
  expect(await granted(500, { isStarving: true })).toBe(false);
  expect(status.calls).toBe(2);
  expect(await granted(1_000)).toBe(true);
});

it('counts locally from the last known state while the store is unavailable, and calls it again after five seconds', async () => {
  const { reports, status, granted } = shareStore();
  expect(await granted(0, { cost: 8 })).toBe(true);
  status.unavailable = true;
  expect([await granted(0), await granted(0), await granted(0)]).toEqual([true, true, false]);
  expect(await granted(4_999, { cost: 3 })).toBe(true);
  expect([status.calls, reports.length]).toEqual([2, 1]);
  status.unavailable = false;
  expect(await granted(5_000)).toBe(true);
  expect(status.calls).toBe(3);
});

it('combines requests that arrive during a store call into the next call, in order of arrival', async () => {
  const { consume, status } = shareStore();
  const all = await Promise.all(Array.from({ length: 15 }, () => consume('a', bucketRequest(0), 0)));
  expect(all.map(({ granted }) => granted)).toEqual([...Array(10).fill(true), ...Array(5).fill(false)]);
  expect(all.map(({ state }) => state.used)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 10, 10, 10]);
  expect(status.calls).toBe(2);
});

it('gives concurrent requests the same decisions as sequential ones', async () => {
  const anyRequest = fc.record({
    cost: fc.nat(6),
    isWithinShare: fc.boolean(),
    isStarving: fc.constantFrom(false, false, true),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(anyRequest, { maxLength: 20 }), async (requested) => {
      const { consume } = shareStore();
      const one = new MemoryBuckets();
      const requests = requested.map((over) => bucketRequest(0, over));
      const together = await Promise.all(requests.map((each) => consume('a', each, 0)));
      expect(together).toEqual(requests.map((each) => one.consume('a', each)));
    }),
  );
});

it('never grants what another process consumes meanwhile', async () => {
  const { consume, elsewhere } = shareStore();
  const mine = Promise.all(Array.from({ length: 10 }, () => consume('a', bucketRequest(0), 0)));
  const theirs = Array.from({ length: 7 }, () => elsewhere.consume('a', bucketRequest(0)));
  const granted = [...(await mine), ...theirs].filter((decision) => decision.granted);
  expect(granted.length).toBe(10);
});

it('combines requests within and above the share while nothing is reserved', async () => {
  const { consume, status } = shareStore();
  const many = { capacity: 100 };
  const requested = Array.from({ length: 60 }, (_, i) =>
    bucketRequest(0, { ...many, isWithinShare: i % 2 === 0 }),
  );
  const all = await Promise.all(requested.map((each) => consume('a', each, 0)));
  expect(all.map(({ state }) => state.used)).toEqual(requested.map((_, i) => i + 1));
  expect(status.calls).toBe(2);
});

it('refused requests do not delay requests within the share', async () => {
  const { consume, granted, status } = shareStore();
  // A client is starving, so from now on half of the bucket is reserved for clients within their share.
  await granted(0, { cost: 10 });
  await granted(0, { isStarving: true });
  const before = status.calls;
  const requested = Array.from({ length: 12 }, (_, i) =>
    bucketRequest(7_000, { isWithinShare: i % 2 === 0 }),
  );
  const all = await Promise.all(requested.map((each) => consume('a', each, 7_000)));
  expect(all.map(({ granted }) => granted)).toEqual([
    ...[true, true, true, false, true, false],
    ...[true, false, true, false, true, false],
  ]);
  expect(status.calls - before).toBeLessThanOrEqual(3);
});

it('makes each store call in the context of a request that waits for it', async () => {
  const request = new Request('http://localhost/');
  const made: (string | undefined)[] = [];
  const buckets = new MemoryBuckets();
  const store = {
    async consume(name: string, requested: BucketRequest) {
      made.push(currentCall()?.requestId);
      return buckets.consume(name, requested);
    },
  };
  const consume = sharedBuckets(store, new MemoryBuckets(), () => undefined);
  const of = (requestId: string) =>
    runInCall({ requestId, api: 'scrip', address: null, trace: null, request }, () =>
      consume('a', bucketRequest(0), 0),
    );
  await Promise.all(['one', 'two', 'three'].map(of));
  await of('four');
  expect(made).toEqual(['one', 'two', 'four']);
});

it('counts the five seconds from the moment the store call failed', async () => {
  let calls = 0;
  const store = {
    async consume(): Promise<never> {
      calls += 1;
      await setTimeout(50);
      throw new Error('unavailable');
    },
  };
  const consume = sharedBuckets(store, new MemoryBuckets(), () => undefined);
  for (const now of [0, 5_020, 5_020 + 5_100]) await consume('a', bucketRequest(now), now);
  expect(calls).toBe(2);
});

it('answers all waiting requests if the store fails', async () => {
  const { consume, reports, status } = shareStore();
  status.unavailable = true;
  const all = await Promise.all(Array.from({ length: 12 }, () => consume('a', bucketRequest(0), 0)));
  expect(all.filter(({ granted }) => granted).length).toBe(10);
  expect([status.calls, reports.length]).toEqual([1, 1]);
});
