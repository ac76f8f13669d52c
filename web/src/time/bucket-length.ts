import type { TimeInterval } from '../__generated__/useHistogramQuery.graphql';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './units.ts';

/** Lengths of buckets in milliseconds, the shortest first; days, weeks and months as long as they are on average. */
export const BUCKET_MS: Readonly<Record<TimeInterval, number>> = {
  MINUTE: MINUTE_MS,
  FIVE_MINUTES: 5 * MINUTE_MS,
  FIFTEEN_MINUTES: 15 * MINUTE_MS,
  HOUR: HOUR_MS,
  DAY: DAY_MS,
  WEEK: 7 * DAY_MS,
  MONTH: 30.4 * DAY_MS,
};

/** The shortest first. */
export const BUCKET_LENGTHS = Object.keys(BUCKET_MS) as readonly TimeInterval[];
