import * as fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/lib/time-units.ts';
import { MATCH_ALL } from '../../src/log/filter.ts';
import type { RequestLog } from '../../src/log/request-log.ts';
import { DIRECTIONS } from '../../src/log/sort.ts';
import { DIMENSION_NAMES } from '../../src/stats/dimensions.ts';
import { GROUP_MEASURES } from '../../src/stats/group-order.ts';
import type { IntervalName } from '../../src/stats/intervals.ts';
import type { BucketsQuestion, GroupsQuestion, StatsQuestion } from '../../src/stats/question.ts';
import { anyFilter, anyLogs, SAMPLE_TIME, sampleLog } from './samples.ts';

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

const anyGroups: fc.Arbitrary<GroupsQuestion> = fc.record({
  by: fc
    .subarray([...DIMENSION_NAMES], { minLength: 1, maxLength: 3 })
    .chain((by) => fc.shuffledSubarray(by, { minLength: by.length })),
  top: fc.integer({ min: 1, max: 100 }),
  order: fc.record({
    measure: fc.constantFrom(...GROUP_MEASURES),
    direction: fc.constantFrom(...DIRECTIONS),
  }),
});

const anyBuckets: fc.Arbitrary<BucketsQuestion> = fc
  .constantFrom(...(Object.keys(LONGEST) as IntervalName[]))
  .chain((interval) =>
    fc.record({
      interval: fc.constant(interval),
      timeZone: fc.constantFrom(...ZONES),
      from: fc.integer({ min: CENTER - LONGEST[interval], max: CENTER }),
      to: fc.integer({ min: CENTER + 1, max: CENTER + LONGEST[interval] }),
    }),
  );

/** Questions of every kind, about logs of `logsInTime`. */
export const anyQuestion: fc.Arbitrary<StatsQuestion> = fc.record({
  filter: fc.oneof(fc.constant(MATCH_ALL), anyFilter),
  groups: fc.option(anyGroups),
  buckets: fc.option(anyBuckets),
});

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
