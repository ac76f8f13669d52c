import { badInput } from '../log/errors.ts';
import type { Filter } from '../log/filter.ts';
import type { DimensionName } from './dimensions.ts';
import type { GroupOrder } from './group-order.ts';
import { bucketsOf, type IntervalName, type TimeRange } from './intervals.ts';
import { STATS_LIMITS } from './limits.ts';
import { timeZoneOf } from './time-zone.ts';

/**
 * One part of a question: all logs of its filter together, the first groups of them in an order, buckets of time, or buckets of
 * each of some groups.
 */
export type StatsPart =
  | { readonly groups: RankedGroups | null; readonly buckets: null }
  | { readonly groups: GivenGroups | null; readonly buckets: BucketsQuestion };

/** A part and the logs that it is about. */
export type StatsQuestion = StatsPart & { readonly filter: Filter };

/** The first groups in an order. */
export interface RankedGroups {
  /** One to three different dimensions. */
  readonly by: readonly DimensionName[];
  /** Maximum number of groups in the answer. */
  readonly top: number;
  readonly order: GroupOrder;
  /** Only groups of which a value contains this text. The text is literal; case is ignored. Null: all groups. */
  readonly search: string | null;
}

/** Groups that are known. */
export interface GivenGroups {
  /** One to three different dimensions. */
  readonly by: readonly DimensionName[];
  /** The values of each group, in the order of `by`. */
  readonly keys: readonly (readonly (string | null)[])[];
}

/** `from` and `to` are extended to whole buckets. Only logs that match the filter count, in the first and last bucket too. */
export interface BucketsQuestion extends TimeRange {
  readonly interval: IntervalName;
  /** Name of an IANA time zone. */
  readonly timeZone: string;
}

/** A part with valid arguments, and the buckets of its answer in ascending order. */
export type CheckedPart =
  | { readonly groups: RankedGroups | null; readonly buckets: null }
  | { readonly groups: GivenGroups | null; readonly buckets: CheckedBuckets };

export interface CheckedBuckets extends BucketsQuestion {
  readonly ranges: readonly TimeRange[];
}

/** @throws RelaylogError BAD_USER_INPUT if an argument is invalid or exceeds a limit. */
export function checkedPart(part: StatsPart): CheckedPart {
  const { groups } = part;
  if (groups !== null) checkDimensions(groups.by);
  if (part.buckets === null) {
    if (part.groups !== null) checkTop(part.groups.top);
    return part;
  }
  if (part.groups !== null) checkTop(part.groups.keys.length);
  const { keys } = part.groups ?? { keys: [null] };
  return { groups: part.groups, buckets: checkedBuckets(part.buckets, Math.max(1, keys.length)) };
}

function checkDimensions(by: readonly DimensionName[]): void {
  if (by.length < 1 || by.length > STATS_LIMITS.dimensions) {
    throw badInput(`Group by 1 to ${STATS_LIMITS.dimensions} dimensions, not ${by.length}.`);
  }
  const repeated = by.find((dimension, i) => by.indexOf(dimension) < i);
  if (repeated !== undefined) {
    throw badInput(`The dimension ${repeated} is given twice: use each dimension once.`);
  }
}

function checkTop(top: number): void {
  if (!Number.isInteger(top) || top < 1 || top > STATS_LIMITS.groups) {
    throw badInput(`The number of groups must be an integer from 1 to ${STATS_LIMITS.groups}, not ${top}.`);
  }
}

function checkedBuckets(buckets: BucketsQuestion, groups: number): CheckedBuckets {
  const timeZone = timeZoneOf(buckets.timeZone);
  if (!(buckets.from < buckets.to)) throw badInput('The start of the time range must be before its end.');
  return { ...buckets, timeZone, ranges: bucketsOf(buckets, buckets.interval, timeZone, groups) };
}
