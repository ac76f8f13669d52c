import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { RequestLog } from '../../src/log/request-log.ts';
import { RELATIVE_ERROR } from '../../src/stats/duration-bins.ts';
import { meanOf, percentilesOf } from '../../src/stats/durations.ts';
import { clientErrorRate, type Measures, MeasuresSum, serverErrorRate } from '../../src/stats/measures.ts';
import { expectedMeasures, expectedPercentile } from './stats-oracle.ts';

const PERCENTILES = [0, 12.5, 50, 95, 99.9, 100];

export function measuresOf(logs: readonly RequestLog[]): Measures {
  const sum = new MeasuresSum();
  for (const log of logs) sum.add(log);
  return sum.result();
}

/** Expects the measures of exactly these logs: percentiles within 1%, all others equal. */
export function expectMeasures(measures: Measures, logs: readonly RequestLog[]): void {
  const { durations } = measures;
  const percentiles = PERCENTILES.map((percentage) => expectedPercentile(logs, percentage));
  const shown = {
    count: measures.count,
    clientErrorCount: measures.clientErrorCount,
    serverErrorCount: measures.serverErrorCount,
    billedUnits: measures.billedUnits,
    firstCreatedAt: measures.firstCreatedAt,
    lastCreatedAt: measures.lastCreatedAt,
    clientErrorRate: clientErrorRate(measures),
    serverErrorRate: serverErrorRate(measures),
    durationCount: durations.count,
    durationSum: durations.sum,
    durationMean: meanOf(durations),
    durationMin: durations.min,
    durationMax: durations.max,
    // One that is near enough counts as the exact one.
    percentiles: percentilesOf(durations, PERCENTILES).map((value, i) => {
      const exact = percentiles[i]!;
      return isNear(value, exact) ? exact : value;
    }),
  };
  const expected = {
    ...expectedMeasures(logs),
    durationMin: percentiles.at(0),
    durationMax: percentiles.at(-1),
    percentiles,
  };
  // A chart has thousands of rows, and `expect` takes most of the time of a test that asks for many.
  if (!isDeepStrictEqual(shown, expected)) expect(shown).toEqual(expected);
}

function isNear(value: number | null, exact: number | null): boolean {
  if (value === null || exact === null) return value === exact;
  return Math.abs(value - exact) <= RELATIVE_ERROR * exact;
}
