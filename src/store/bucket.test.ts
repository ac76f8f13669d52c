import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyBucketRequests } from '../../test/store/consumptions.ts';
import { type BucketRequest, type BucketState, consumeFrom, idleFrom, MAX_SKEW_MS } from './bucket.ts';

const START = Date.UTC(2026, 0, 1);
const isWithinShare = { isWithinShare: true, isStarving: false } as const;
const RULE = { capacity: 30, fillMs: 3_000 };

/** The decision for each of these requests, applied in order. */
function grants(
  requests: readonly BucketRequest[],
): { consume: BucketRequest; granted: boolean; state: BucketState }[] {
  let state: BucketState | undefined;
  return requests.map((consume) => {
    const result = consumeFrom(state, consume);
    state = result.state;
    return { consume, ...result };
  });
}

describe('a bucket', () => {
  it('grants in any period at most its capacity plus what was refilled during the period', () => {
    fc.assert(
      fc.property(anyBucketRequests, (requests) => {
        const given = grants(requests).filter(({ granted }) => granted);
        for (let from = 0; from < given.length; from++) {
          let sum = 0;
          for (const { consume } of given.slice(from)) {
            sum += consume.cost;
            const back = ((consume.now - given[from]!.consume.now) * consume.capacity) / consume.fillMs;
            expect(sum).toBeLessThanOrEqual(consume.capacity + back + 1e-6);
          }
        }
      }),
    );
  });

  it('refuses only requests that exceed its tokens, and consumes nothing when it refuses', () => {
    fc.assert(
      fc.property(anyBucketRequests, (requests) => {
        let tokens = requests[0]!.capacity;
        let at = requests[0]!.now;
        for (const { consume, granted, state } of grants(
          requests.map((consume) => ({ ...consume, ...isWithinShare })),
        )) {
          tokens = Math.min(
            consume.capacity,
            tokens + ((consume.now - at) * consume.capacity) / consume.fillMs,
          );
          at = consume.now;
          // Within rounding error of the limit, both decisions are correct.
          if (Math.abs(tokens - consume.cost) > 1e-6) expect(granted).toBe(tokens >= consume.cost);
          if (granted) tokens -= consume.cost;
          expect(state.used).toBeCloseTo(consume.capacity - tokens, 5);
        }
      }),
    );
  });

  it('refills completely with each window when `now` is the start of the window', () => {
    const minute = { capacity: 3, fillMs: 60_000, cost: 1, ...isWithinShare };
    const requests = [0, 0, 0, 0, 1, 1, 1, 1].map((n) => ({ ...minute, now: START + n * 60_000 }));
    expect(grants(requests).map(({ granted }) => granted)).toEqual([
      ...[true, true, true, false],
      ...[true, true, true, false],
    ]);
  });

  it('behaves like a new bucket once it is idle', () => {
    fc.assert(
      fc.property(anyBucketRequests, fc.nat(10_000), (requests, later) => {
        const last = requests.at(-1)!;
        const { state } = grants(requests).at(-1)!;
        const now = idleFrom(state, last) + later;
        for (const cost of [0, 1, last.capacity]) {
          const again = { ...last, cost, now };
          const fresh = consumeFrom(undefined, again);
          const { granted, state: after } = consumeFrom(state, again);
          expect(granted).toBe(fresh.granted);
          expect(after.used).toBeCloseTo(fresh.state.used, 6);
        }
      }),
    );
  });

  it('does not refill twice when clocks differ, and does not stay empty because of a clock that was far ahead', () => {
    const consume = { ...RULE, cost: 30, now: START, ...isWithinShare };
    const { state } = consumeFrom(undefined, consume);
    expect(consumeFrom(state, { ...consume, cost: 1, now: START - 2_000 }).granted).toBe(false);
    const ahead = consumeFrom(undefined, { ...consume, now: START + 3_600_000 }).state;
    const behind = consumeFrom(ahead, { ...consume, cost: 1 });
    expect(behind.granted).toBe(false);
    expect(consumeFrom(behind.state, { ...consume, now: START + MAX_SKEW_MS + RULE.fillMs }).granted).toBe(
      true,
    );
  });

  it('is at most empty after a plan change reduced its capacity', () => {
    const { state } = consumeFrom(undefined, {
      ...RULE,
      capacity: 1_000,
      cost: 1_000,
      now: START,
      ...isWithinShare,
    });
    expect(consumeFrom(state, { ...RULE, cost: 1, now: START + 100, ...isWithinShare }).granted).toBe(true);
  });

  it('reserves half of its capacity for clients within their share for a time after one of them starved', () => {
    const request = (state: BucketState | undefined, over: Partial<BucketRequest>) =>
      consumeFrom(state, { ...RULE, cost: 1, now: START, ...isWithinShare, ...over });
    const empty = request(undefined, { cost: 30, isWithinShare: false }).state;
    const reserved = request(empty, { isStarving: true }).state;
    expect(reserved.reservedUntil).toBe(START + 60_000);
    const greedy = (seconds: number, cost: number) =>
      request(reserved, { isWithinShare: false, cost, now: START + seconds * 1000 }).granted;
    expect([greedy(1, 1), greedy(1.5, 1), greedy(1.6, 1), greedy(3, 15), greedy(3, 16)]).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
    expect(request(reserved, { now: START + 100 }).granted).toBe(true);
    expect(greedy(60, 30)).toBe(true);
  });
});
