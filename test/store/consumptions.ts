import * as fc from 'fast-check';
import type { BucketRequest } from '../../src/store/bucket.ts';

/** A time in the future, because a server may delete buckets that are idle by its own clock at any time. */
export const FIRST_TIME = Date.UTC(2100, 0, 1);

/** Successive requests to one bucket with the same rule, in order of time. */
export const anyBucketRequests: fc.Arbitrary<BucketRequest[]> = fc
  .record({
    capacity: fc.integer({ min: 1, max: 60 }),
    fillMs: fc.constantFrom(1_000, 3_000, 4_285.75, 60_000),
    requested: fc.array(
      fc.record({
        cost: fc.oneof(fc.constantFrom(0, 1, 1), fc.integer({ min: 1, max: 60 })),
        wait: fc.oneof(fc.constantFrom(0, 0, 100), fc.nat(5_000), fc.constant(70_000)),
        isWithinShare: fc.boolean(),
        isStarving: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
      }),
      { minLength: 1, maxLength: 40 },
    ),
  })
  .map(({ capacity, fillMs, requested }) => {
    let now = FIRST_TIME;
    return requested.map(({ cost, wait, isWithinShare, isStarving }) => {
      now += wait;
      return { capacity, fillMs, cost, now, isWithinShare, isStarving: isWithinShare && isStarving };
    });
  });
