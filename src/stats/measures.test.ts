import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectMeasures, measuresOf } from '../../test/store/expect-measures.ts';
import { anyLogs } from '../../test/store/samples.ts';
import { clientErrorRate, MeasuresSum, serverErrorRate } from './measures.ts';

it('equal what the oracle computes', () => {
  fc.assert(fc.property(anyLogs, (logs) => expectMeasures(measuresOf(logs), logs)));
});

it('are the same for parts that are merged in any order as for all logs', () => {
  fc.assert(
    fc.property(anyLogs, fc.integer({ min: 1, max: 7 }), fc.boolean(), (logs, parts, reversed) => {
      const sum = new MeasuresSum();
      const split = Array.from({ length: parts }, (_, part) => logs.filter((_, i) => i % parts === part));
      for (const part of reversed ? split.toReversed() : split) sum.merge(measuresOf(part));
      expect(sum.result()).toEqual(measuresOf(logs));
    }),
  );
});

it('have no rates, times or durations without logs', () => {
  const none = measuresOf([]);
  expect(none).toEqual({
    count: 0,
    clientErrorCount: 0,
    serverErrorCount: 0,
    billedUnits: 0,
    firstCreatedAt: null,
    lastCreatedAt: null,
    durations: { count: 0, sum: 0, min: null, max: null, sketch: new Uint8Array() },
  });
  expect([clientErrorRate(none), serverErrorRate(none)]).toEqual([null, null]);
});
