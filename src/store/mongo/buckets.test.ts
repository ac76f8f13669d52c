import * as fc from 'fast-check';
import { Aggregator } from 'mingo';
import type { AnyObject } from 'mingo/types';
import { expect, it } from 'vitest';
import { anyBucketRequests } from '../../../test/store/consumptions.ts';
import { type BucketState, consumeFrom } from '../bucket.ts';
import { consumePipeline, fullBucket } from './buckets.ts';
import type { BucketDocument } from './documents.ts';

it('the update pipeline of the server computes the same as consumeFrom', () => {
  fc.assert(
    fc.property(anyBucketRequests, (requests) => {
      let document: BucketDocument = fullBucket('x', requests[0]!);
      let state: BucketState | undefined;
      for (const consume of requests) {
        const [after] = new Aggregator(consumePipeline(consume)).run<BucketDocument & AnyObject>([
          { ...document },
        ]);
        document = after!;
        const expected = consumeFrom(state, consume);
        state = expected.state;
        expect(after!.granted).toBe(expected.granted);
        expect(after!.used).toBeCloseTo(state.used, 6);
        expect(after!.at).toEqual(new Date(state.at));
        expect(after!.reservedUntil).toEqual(new Date(state.reservedUntil));
      }
    }),
  );
});
