import * as fc from 'fast-check';
import { Aggregator } from 'mingo';
import { expect, it } from 'vitest';
import { type BucketState, drawn } from '../bucket.ts';
import { anyDraws } from '../conformance/draws.ts';
import { drawPipeline } from './buckets.ts';

it('the update that the server does gives what the rule gives', () => {
  fc.assert(
    fc.property(anyDraws, (draws) => {
      let document: Record<string, unknown> = { _id: 'x' };
      let state: BucketState | undefined;
      for (const draw of draws) {
        [document] = new Aggregator(drawPipeline(draw)).run<Record<string, unknown>>([document]) as [
          Record<string, unknown>,
        ];
        const expected = drawn(state, draw);
        state = expected.state;
        expect(document.granted).toBe(expected.granted);
        expect(document.used).toBeCloseTo(state.used, 6);
        expect(document.at).toEqual(new Date(state.at));
        expect(document.reservedUntil).toEqual(new Date(state.reservedUntil));
      }
    }),
  );
});
