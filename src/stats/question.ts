import { badInput } from '../log/errors.ts';
import type { Filter } from '../log/filter.ts';
import type { DimensionName } from './dimensions.ts';
import type { GroupOrder } from './group-order.ts';
import { bucketsOf, type IntervalName, type TimeRange } from './intervals.ts';
import { STATS_LIMITS } from './limits.ts';
import { timeZoneOf } from './time-zone.ts';

/** One part of a question: all logs of its filter together, groups of them, buckets of time, or buckets of each group. */
export interface StatsPart {
  /** Null: the logs are not grouped. */
  readonly groups: GroupsQuestion | null;
  /** Null: time is not divided. If there are groups, each of them is divided. */
  readonly buckets: BucketsQuestion | null;
}

/** A part and the logs that it is about. */
export interface StatsQuestion extends StatsPart {
  readonly filter: Filter;
}

export interface GroupsQuestion {
  /** One to three different dimensions. */
  readonly by: readonly DimensionName[];
  /** Maximum number of groups in the answer. */
  readonly top: number;
  readonly order: GroupOrder;
  /** Only groups of which a value contains this text. The text is literal; letters A-Z match in either case. Null: all groups. */
  readonly search: string | null;
  /** Only these groups, each given by its values in the order of `by`. Null: all groups. */
  readonly only: readonly (readonly (string | null)[])[] | null;
}

/** `from` and `to` are extended to whole buckets. Only logs that match the filter count, in the first and last bucket too. */
export interface BucketsQuestion extends TimeRange {
  readonly interval: IntervalName;
  /** Name of an IANA time zone. */
  readonly timeZone: string;
}

/** A part with valid arguments, and the buckets of its answer in ascending order. */
export interface CheckedPart extends StatsPart {
  readonly buckets: (BucketsQuestion & { readonly ranges: readonly TimeRange[] }) | null;
}

/** @throws RelaylogError BAD_USER_INPUT if an argument is invalid or exceeds a limit. */
export function checkedPart({ groups, buckets }: StatsPart): CheckedPart {
  if (groups !== null) checkGroups(groups);
  return { groups, buckets: buckets === null ? null : checkedBuckets(buckets, groupCount(groups)) };
}

function groupCount(groups: GroupsQuestion | null): number {
  return groups === null ? 1 : Math.max(1, Math.min(groups.top, groups.only?.length ?? groups.top));
}

function checkGroups({ by, top }: GroupsQuestion): void {
  if (by.length < 1 || by.length > STATS_LIMITS.dimensions) {
    throw badInput(`Group by 1 to ${STATS_LIMITS.dimensions} dimensions, not ${by.length}.`);
  }
  const repeated = by.find((dimension, i) => by.indexOf(dimension) < i);
  if (repeated !== undefined)
    throw badInput(`The dimension ${repeated} is given twice: use each dimension once.`);
  if (!Number.isInteger(top) || top < 1 || top > STATS_LIMITS.groups) {
    throw badInput(`The number of groups must be an integer from 1 to ${STATS_LIMITS.groups}, not ${top}.`);
  }
}

function checkedBuckets(buckets: BucketsQuestion, groups: number): NonNullable<CheckedPart['buckets']> {
  const timeZone = timeZoneOf(buckets.timeZone);
  if (!(buckets.from < buckets.to)) throw badInput('The start of the time range must be before its end.');
  return { ...buckets, timeZone, ranges: bucketsOf(buckets, buckets.interval, timeZone, groups) };
}
