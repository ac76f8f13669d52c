import { DAY_MS, HOUR_MS } from '../../src/lib/time-units.ts';
import { allOf, type Filter, MATCH_ALL } from '../../src/log/filter.ts';
import type { DimensionName } from '../../src/stats/dimensions.ts';
import type { GroupMeasure } from '../../src/stats/group-order.ts';
import type { TimeRange } from '../../src/stats/intervals.ts';
import type { StatsPart } from '../../src/stats/question.ts';
import { keyName, METHODS, ORGANIZATION, routeName } from './logs.ts';

/** A question as it is put to the store and to ClickHouse. */
export interface BenchQuestion {
  readonly name: string;
  /** How many times as fast as chdb the store must be; null if the goal is in milliseconds. */
  readonly goal: number | null;
  /** Whether it is also put over HTTP, as `serveHeatMap` does. */
  readonly isHeatMap: boolean;
  readonly filter: Filter;
  readonly parts: readonly StatsPart[];
  /** The statements that are timed: the fastest counts. */
  readonly timed: readonly string[];
  /**
   * For each part: a statement that gives exact values of all groups. Its columns are the parts of the key, the count and the server
   * errors, and exact percentiles.
   */
  readonly exact: readonly string[];
}

/** Nearest-rank percentiles: the element of `quantilesExact` is one too high where a share of the count is an integer. */
const EXACT = 'quantilesExact(0.4999999999, 0.9499999999, 0.9899999999)(duration)';
/** Which is the fastest depends on the number of rows in each group. */
const TIMED = ['quantiles', 'quantilesTiming', 'quantilesExact'].map(
  (name) => `${name}(0.5, 0.95, 0.99)(duration)`,
);
const ERRORS = 'countIf(status BETWEEN 500 AND 599)';

const HEAT_MAP_GOAL = 10;

const COLUMNS = {
  METHOD: 'method',
  ROUTE_PATTERN: 'route',
  STATUS_CODE: 'status',
  STATUS_CLASS: `concat(toString(intDiv(status, 100)), 'xx')`,
  API_KEY_ID: 'key',
  SERVICE: 'service',
  ENDPOINT_TYPE: 'endpoint_type',
  AUTH_TYPE: 'auth_type',
} as const satisfies Partial<Record<DimensionName, string>>;
type FacetName = keyof typeof COLUMNS;

/** @param count the number of logs in `range`, which are whole days. */
export function benchQuestions({ from, to }: TimeRange, count: number): BenchQuestion[] {
  const last = (length: number): TimeRange => ({ from: Math.max(from, to - length), to });
  const week = last(7 * DAY_MS);
  /** Whole hours with 1,000,000 logs. */
  const million = last(Math.ceil((((to - from) / count) * 1_000_000) / HOUR_MS) * HOUR_MS);
  const all = { from, to };
  const route = routeName(7);
  const key = keyName(7);
  return [
    byHour('a. hour x method', HEAT_MAP_GOAL, all),
    byHour('b. one route', 1, all, { op: 'eq', field: 'routePattern', value: route }, `route = '${route}'`),
    byHour('b. one API key', 1, all, { op: 'eq', field: 'apiKeyId', value: key }, `key = '${key}'`),
    byHour(
      'b. one status class',
      1,
      all,
      allOf([
        { op: 'gte', field: 'statusCode', value: 500 },
        { op: 'lte', field: 'statusCode', value: 599 },
      ]),
      'status BETWEEN 500 AND 599',
    ),
    byHour('b. last 24 hours', 1, last(DAY_MS)),
    ranked('b. 10 routes by errors', all, 'ROUTE_PATTERN', 10, 'SERVER_ERROR_COUNT', [ERRORS]),
    ranked(
      'b. 20 API keys by p95',
      all,
      'API_KEY_ID',
      20,
      'DURATION_P95',
      ['quantile', 'quantileTiming', 'quantileExact'].map((name) => `${name}(0.95)(duration)`),
    ),
    facets('b. 8 facets, 7 days', week),
    byHour(
      'c. path contains',
      null,
      million,
      { op: 'contains', field: 'path', value: '77' },
      `position(path, '77') > 0`,
    ),
    byHour(
      'c. an IP address',
      null,
      million,
      { op: 'eq', field: 'ipAddress', value: '10.0.7.7' },
      `ip = '10.0.7.7'`,
    ),
  ];
}

function byHour(
  name: string,
  goal: number | null,
  range: TimeRange,
  filter: Filter = MATCH_ALL,
  condition = 'true',
): BenchQuestion {
  const statement = (measures: string) => `
    SELECT method, toUnixTimestamp(toStartOfHour(time)) AS hour, count() AS n, ${measures} FROM logs
    WHERE ${within(range)} AND ${condition} GROUP BY method, hour`;
  return {
    name,
    goal,
    isHeatMap: goal === HEAT_MAP_GOAL,
    filter: allOf([filter, filterOf(range)]),
    parts: [
      {
        groups: { by: ['METHOD'], keys: METHODS.map((method) => [method]) },
        buckets: { interval: 'HOUR', timeZone: 'UTC', ...range },
      },
    ],
    timed: TIMED.map(statement),
    exact: [statement(`${ERRORS}, ${EXACT}`)],
  };
}

function ranked(
  name: string,
  range: TimeRange,
  dimension: FacetName,
  top: number,
  measure: GroupMeasure,
  timed: readonly string[],
): BenchQuestion {
  return {
    name,
    goal: 1,
    isHeatMap: false,
    filter: filterOf(range),
    parts: [rankedPart(dimension, top, measure)],
    timed: timed.map((value) => {
      const column = COLUMNS[dimension];
      return `SELECT ${column} AS k, count() AS n, ${value} AS v FROM logs WHERE ${within(range)} GROUP BY k ORDER BY v DESC LIMIT ${top}`;
    }),
    exact: [exactGroups(dimension, range)],
  };
}

function facets(name: string, range: TimeRange): BenchQuestion {
  const dimensions = Object.keys(COLUMNS) as FacetName[];
  const columns = dimensions.map((dimension, i) => `${COLUMNS[dimension]} AS k${i}`);
  const sets = dimensions.map((_, i) => `(k${i})`);
  return {
    name,
    goal: 1,
    isHeatMap: false,
    filter: filterOf(range),
    parts: dimensions.map((dimension) => rankedPart(dimension, 10, 'COUNT')),
    timed: [
      `SELECT ${columns.join(', ')}, count() AS n FROM logs WHERE ${within(range)} GROUP BY GROUPING SETS (${sets.join(', ')})`,
    ],
    exact: dimensions.map((dimension) => exactGroups(dimension, range)),
  };
}

function rankedPart(dimension: DimensionName, top: number, measure: GroupMeasure): StatsPart {
  return {
    groups: { by: [dimension], top, order: { measure, direction: 'desc' }, search: null },
    buckets: null,
  };
}

function exactGroups(dimension: FacetName, range: TimeRange): string {
  return `SELECT ${COLUMNS[dimension]} AS k, count() AS n, ${ERRORS}, ${EXACT} FROM logs WHERE ${within(range)} GROUP BY k`;
}

function filterOf({ from, to }: TimeRange): Filter {
  return allOf([
    { op: 'gte', field: 'createdAt', value: from },
    { op: 'lt', field: 'createdAt', value: to },
  ]);
}

function within({ from, to }: TimeRange): string {
  return `organization = '${ORGANIZATION}' AND time >= fromUnixTimestamp64Milli(${from}, 'UTC') AND time < fromUnixTimestamp64Milli(${to}, 'UTC')`;
}
