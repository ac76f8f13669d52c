import * as fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/lib/time-units.ts';
import { allOf, type Filter } from '../../src/log/filter.ts';
import type { RequestLog } from '../../src/log/request-log.ts';
import { DIRECTIONS } from '../../src/log/sort.ts';
import { DIMENSION_NAMES, DIMENSIONS, dimensionText } from '../../src/stats/dimensions.ts';
import { GROUP_MEASURES } from '../../src/stats/group-order.ts';
import type { IntervalName } from '../../src/stats/intervals.ts';
import type {
  BucketsQuestion,
  GivenGroups,
  RankedGroups,
  StatsPart,
  StatsQuestion,
} from '../../src/stats/question.ts';
import { anyFilter, anyLogs, anyValue, SAMPLE_TIME, sampleLog } from './samples.ts';

/** Longest range for each interval: few buckets, so that logs share them. */
const LONGEST: Readonly<Record<IntervalName, number>> = {
  MINUTE: 20 * MINUTE_MS,
  FIVE_MINUTES: 2 * HOUR_MS,
  FIFTEEN_MINUTES: 6 * HOUR_MS,
  HOUR: DAY_MS,
  DAY: 12 * DAY_MS,
  WEEK: 60 * DAY_MS,
  MONTH: 200 * DAY_MS,
};
const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Australia/Lord_Howe'];

/** Around a change of the clocks in Europe. */
const CENTER = Date.UTC(2026, 2, 29, 1);

const anyDimensions = fc
  .subarray([...DIMENSION_NAMES], { minLength: 1, maxLength: 3 })
  .chain((by) => fc.shuffledSubarray(by, { minLength: by.length }));

export const anyGroups: fc.Arbitrary<RankedGroups> = fc.record({
  by: anyDimensions,
  top: fc.integer({ min: 1, max: 100 }),
  order: fc.record({
    measure: fc.constantFrom(...GROUP_MEASURES),
    direction: fc.constantFrom(...DIRECTIONS),
  }),
  search: fc.option(fc.constantFrom('', 'e', '4', 'KEY', 'xx', '%')),
});

export const anyBuckets: fc.Arbitrary<BucketsQuestion> = fc
  .constantFrom(...(Object.keys(LONGEST) as IntervalName[]))
  .chain((interval) =>
    fc.record({
      interval: fc.constant(interval),
      timeZone: fc.constantFrom(...ZONES),
      from: fc.integer({ min: CENTER - LONGEST[interval], max: CENTER }),
      to: fc.integer({ min: CENTER + 1, max: CENTER + LONGEST[interval] }),
    }),
  );

/** Groups by their values: those of some logs, and some that no log has. */
const anyGivenGroups: fc.Arbitrary<GivenGroups> = fc.tuple(anyDimensions, anyLogs).map(([by, logs]) => {
  const keys = [...logs.slice(0, 5), sampleLog({ method: 'NONE', routePattern: '/none' })].map((log) =>
    by.map((name) => dimensionText(name, log)),
  );
  return { by, keys: [...new Map(keys.map((key) => [JSON.stringify(key), key])).values()] };
});

export const anyPart: fc.Arbitrary<StatsPart> = fc.oneof(
  fc.record({ groups: fc.option(anyGroups), buckets: fc.constant(null) }),
  fc.record({ groups: fc.option(anyGivenGroups), buckets: anyBuckets }),
);

const dimensionField = fc.constantFrom(...DIMENSION_NAMES.map((name) => DIMENSIONS[name].field));
const bound = fc.tuple(fc.constantFrom(0, MINUTE_MS, HOUR_MS, DAY_MS), fc.integer({ min: -50, max: 50 }));

/** Filters as statistics are usually asked with: a window of time, and conditions on dimensions. */
export const anyStatsFilter: fc.Arbitrary<Filter> = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom('gt' as const, 'gte' as const, 'lt' as const, 'lte' as const), bound), {
      maxLength: 2,
    }),
    fc.array(
      dimensionField.chain((field) =>
        fc.array(anyValue(field), { minLength: 1, maxLength: 3 }).map((values) => ({ field, values })),
      ),
      { maxLength: 2 },
    ),
  )
  .map(([bounds, conditions]) =>
    allOf([
      ...bounds.map(([op, [unit, times]]) => ({
        op,
        field: 'createdAt' as const,
        value: Math.floor(CENTER / (unit || 1)) * (unit || 1) + times * (unit || 1),
      })),
      ...conditions.map(
        ({ field, values }): Filter =>
          values.length === 1 ? { op: 'eq', field, value: values[0]! } : { op: 'in', field, values },
      ),
    ]),
  );

/** Questions of every kind, about logs of `logsInTime`. */
export const anyQuestion: fc.Arbitrary<StatsQuestion> = fc
  .tuple(fc.oneof(anyStatsFilter, anyFilter), anyPart)
  .map(([filter, part]) => ({ filter, ...part }));

/** Logs before, within and after the ranges of `anyQuestion`, and at their ends. */
export const logsInTime: fc.Arbitrary<RequestLog[]> = fc
  .array(fc.tuple(anyLogs, fc.constantFrom(0, MINUTE_MS, HOUR_MS, 7 * DAY_MS, 90 * DAY_MS)), {
    minLength: 1,
    maxLength: 12,
    size: 'max',
  })
  .map((parts) =>
    parts.flatMap(([logs, spread], part) =>
      logs.map((log, i) =>
        sampleLog({
          ...log,
          requestId: `${part}-${log.requestId}`,
          createdAt: CENTER + log.createdAt - SAMPLE_TIME + (i % 2 === 0 ? spread : -spread),
        }),
      ),
    ),
  );
