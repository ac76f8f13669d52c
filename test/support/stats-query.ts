import { coerceInputValue, type GraphQLInputType } from 'graphql';
import { expect } from 'vitest';
import { filterOf, type RequestLogFilterInput } from '../../src/graphql/request-log-filter.ts';
import { schema } from '../../src/graphql/schema.ts';
import type { Filter } from '../../src/log/filter.ts';
import type { RequestLog } from '../../src/log/request-log.ts';
import { RELATIVE_ERROR } from '../../src/stats/duration-bins.ts';
import { expectedMeasures, expectedPercentile } from '../store/stats-oracle.ts';

/** Selects every measure. */
export const ALL_MEASURES = `{
  count clientErrorCount serverErrorCount clientErrorRate serverErrorRate billedUnits firstCreatedAt lastCreatedAt
  durationMs { count sum min max mean p50 p90 p95 p99 p12: percentile(p: 12.5) p999: percentile(p: 99.9) }
}`;

export interface MeasuresJson {
  readonly count: number;
  readonly durationMs: Readonly<Record<string, number | null>>;
}

const PERCENTILES = { min: 0, p12: 12.5, p50: 50, p90: 90, p95: 95, p99: 99, p999: 99.9, max: 100 };

/** Expects `ALL_MEASURES` of exactly these logs: percentiles within 1%, all others equal. */
export function expectMeasuresJson(shown: MeasuresJson, logs: readonly RequestLog[]): void {
  const { durationMs, ...measures } = shown;
  const { durationCount, durationSum, durationMean, ...expected } = expectedMeasures(logs);
  expect(measures).toEqual({
    ...expected,
    firstCreatedAt: isoOrNull(expected.firstCreatedAt),
    lastCreatedAt: isoOrNull(expected.lastCreatedAt),
  });
  expect(durationMs).toMatchObject({ count: durationCount, sum: durationSum, mean: durationMean });
  for (const [name, percentage] of Object.entries(PERCENTILES)) {
    const exact = expectedPercentile(logs, percentage);
    const value = durationMs[name]!;
    if (exact === null || percentage % 100 === 0) expect([name, value]).toEqual([name, exact]);
    else expect(Math.abs(value - exact)).toBeLessThanOrEqual(RELATIVE_ERROR * exact);
  }
}

function isoOrNull(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

/** What an argument `filter` means; null if it is not a valid value of its type. */
export function meaningOf(input: object): Filter | null {
  const coerced = coerceInputValue(input, schema.getType('RequestLogFilter') as GraphQLInputType);
  return coerced === undefined ? null : filterOf(coerced as RequestLogFilterInput);
}
