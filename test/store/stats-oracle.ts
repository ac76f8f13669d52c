import type { Filter } from '../../src/log/filter.ts';
import type { LogScope } from '../../src/log/query.ts';
import type { RequestLog } from '../../src/log/request-log.ts';
import type { DimensionName } from '../../src/stats/dimensions.ts';
import type { BucketsQuestion } from '../../src/stats/question.ts';
import { expectedBounds } from './buckets-oracle.ts';
import { visibleMatches } from './oracle.ts';

/*
 * The reference implementation of statistics that stores are tested against: from all logs in memory, in the simplest way,
 * by other code than `src/stats`. An answer consists of sets of logs; `expectedMeasures` and `expectedPercentile` give the
 * numbers of each set.
 */

/** What is asked: groups by dimensions, divided into buckets. */
export interface AskedQuestion {
  readonly filter: Filter;
  readonly groups: { readonly by: readonly DimensionName[] } | null;
  readonly buckets: BucketsQuestion | null;
}

export interface ExpectedPart {
  readonly logs: readonly RequestLog[];
  /** Null if the question does not ask for buckets. */
  readonly buckets: readonly ExpectedBucket[] | null;
}

interface ExpectedBucket {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly logs: readonly RequestLog[];
}

export interface ExpectedAnswer extends ExpectedPart {
  /** All groups, in no particular order, by their values as JSON; null if the question does not ask for groups. */
  readonly groups: ReadonlyMap<string, ExpectedPart> | null;
}

export function expectedAnswer(
  all: readonly RequestLog[],
  scope: LogScope,
  { filter, groups, buckets }: AskedQuestion,
): ExpectedAnswer {
  const logs = visibleMatches(all, scope, filter);
  const bounds = buckets && expectedBounds(buckets.from, buckets.to, buckets.interval, buckets.timeZone);
  const parts =
    groups && [...groupsOf(logs, groups.by)].map(([key, own]) => [key, part(own, bounds)] as const);
  return { ...part(logs, bounds), groups: parts && new Map(parts) };
}

function part(logs: readonly RequestLog[], bounds: readonly number[] | null): ExpectedPart {
  if (bounds === null) return { logs, buckets: null };
  const buckets = bounds.slice(1).map((to, i) => {
    const from = bounds[i]!;
    return { from, to, logs: logs.filter(({ createdAt }) => createdAt >= from && createdAt < to) };
  });
  return { logs, buckets };
}

export interface ExpectedMeasures {
  readonly count: number;
  readonly clientErrorCount: number;
  readonly serverErrorCount: number;
  readonly clientErrorRate: number | null;
  readonly serverErrorRate: number | null;
  readonly billedUnits: number;
  readonly firstCreatedAt: number | null;
  readonly lastCreatedAt: number | null;
  readonly durationCount: number;
  readonly durationSum: number;
  readonly durationMean: number | null;
}

/** The exact measures of logs, except percentiles. */
export function expectedMeasures(logs: readonly RequestLog[]): ExpectedMeasures {
  const count = logs.length;
  const times = logs.map(({ createdAt }) => createdAt).sort((a, b) => a - b);
  const durations = sortedDurations(logs);
  const clientErrorCount = logs.filter(({ statusCode }) => statusCode >= 400 && statusCode <= 499).length;
  const serverErrorCount = logs.filter(({ statusCode }) => statusCode >= 500 && statusCode <= 599).length;
  const durationSum = sum(durations);
  return {
    count,
    clientErrorCount,
    serverErrorCount,
    clientErrorRate: count === 0 ? null : clientErrorCount / count,
    serverErrorRate: count === 0 ? null : serverErrorCount / count,
    billedUnits: sum(logs.map(({ billedUnits }) => billedUnits)),
    firstCreatedAt: times.at(0) ?? null,
    lastCreatedAt: times.at(-1) ?? null,
    durationCount: durations.length,
    durationSum,
    durationMean: durations.length === 0 ? null : durationSum / durations.length,
  };
}

/**
 * The exact percentile of the durations by nearest rank: the lowest duration that at least this percentage of the logs
 * with a duration does not exceed. The percentage counts as the decimal that it is written as. Null without durations.
 */
export function expectedPercentile(logs: readonly RequestLog[], percentage: number): number | null {
  const durations = sortedDurations(logs);
  const [whole, fraction = ''] = String(percentage).split('.');
  const numerator = BigInt(whole! + fraction) * BigInt(durations.length);
  const denominator = 100n * 10n ** BigInt(fraction.length);
  const rank = Number((numerator + denominator - 1n) / denominator);
  return durations[Math.max(rank, 1) - 1] ?? null;
}

function groupsOf(logs: readonly RequestLog[], by: readonly DimensionName[]): Map<string, RequestLog[]> {
  return Map.groupBy(logs, (log) => JSON.stringify(by.map((name) => VALUES[name](log))));
}

const VALUES: Readonly<Record<DimensionName, (log: RequestLog) => string | null>> = {
  METHOD: (log) => log.method,
  ROUTE_PATTERN: (log) => log.routePattern,
  STATUS_CODE: (log) => log.statusCode.toString(),
  STATUS_CLASS: (log) => log.statusCode.toString().replace(/..$/, 'xx'),
  API_KEY_ID: (log) => log.apiKeyId,
  CONSUMER_ID: (log) => log.consumerId,
  SERVICE: (log) => log.service,
  ENDPOINT_TYPE: (log) => log.endpointType,
  ERROR_TYPE: (log) => log.errorType,
  AUTH_TYPE: (log) => log.authType,
  HOST: (log) => log.host,
};

function sortedDurations(logs: readonly RequestLog[]): number[] {
  return logs
    .map(({ durationMs }) => durationMs)
    .filter((duration) => duration !== null)
    .sort((a, b) => a - b);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
