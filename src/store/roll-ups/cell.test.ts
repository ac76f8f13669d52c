import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { percentilesOf, READY_PERCENTILES } from '../../stats/durations.ts';
import { MeasuresSum } from '../../stats/measures.ts';
import { decodeCell, encodeCell } from './cell.ts';

const START = Date.UTC(2026, 3, 18, 12);

const anyDurations = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 2_147_483_647 }), { minLength: 90, maxLength: 400, size: 'max' }),
  fc.array(fc.integer({ min: 40, max: 5_000 }), { maxLength: 120, size: 'max' }),
  fc.nat(300).map((length) => Array.from({ length }, () => 1_445)),
);

it('holds what was encoded, with the percentiles of its sketch', () => {
  fc.assert(
    fc.property(anyDurations, fc.nat(3_600_000), (durations, offset) => {
      const sum = new MeasuresSum();
      for (const [i, duration] of durations.entries()) sum.addLog(START + offset + i, 200 + i, i, duration);
      const measures = sum.result();
      const decoded = decodeCell(encodeCell(measures, START), START);
      const { percentiles, ...others } = decoded.durations;
      if (measures.count > 0) expect({ ...decoded, durations: others }).toEqual(measures);
      expect(percentiles !== undefined).toBe(durations.length > 100);
      if (percentiles !== undefined) {
        expect(percentiles).toEqual(percentilesOf(measures.durations, READY_PERCENTILES));
      }
    }),
  );
});
