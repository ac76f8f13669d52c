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
  };
  expect(shown).toEqual(expectedMeasures(logs));
  expect(durations.min).toBe(expectedPercentile(logs, 0));
  expect(durations.max).toBe(expectedPercentile(logs, 100));
  for (const [i, value] of percentilesOf(durations, PERCENTILES).entries()) {
    const exact = expectedPercentile(logs, PERCENTILES[i]!);
    if (exact === null || value === null) expect(value).toBe(exact);
    else expect(Math.abs(value - exact)).toBeLessThanOrEqual(RELATIVE_ERROR * exact);
  }
}
