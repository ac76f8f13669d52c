import type { ViewerLogs } from '../../access/viewer-logs.ts';
import { type Filter, MATCH_ALL } from '../../log/filter.ts';
import type { IntervalName, TimeRange } from '../../stats/intervals.ts';
import { timeWindow } from '../../store/time-window.ts';

/** The arguments of the fields `buckets`. */
export interface BucketArguments {
  readonly interval: IntervalName;
  readonly timeZone: string;
  /** Undefined and null for the default. */
  readonly from?: Date | null | undefined;
  readonly to?: Date | null | undefined;
}

/**
 * The range that is divided into buckets. By default it is that of the filter's conditions on `createdAt` (as `timeWindow`),
 * from the first log and to now where there are none; a default start is never before the retention window.
 *
 * @param firstLog returns the time of the oldest matching log; called only if the range depends on it.
 * @param now Unix milliseconds.
 * @returns null if the default range is empty. Both arguments together are returned as they are.
 */
export async function bucketRange(
  { from, to }: BucketArguments,
  filter: Filter,
  logs: Pick<ViewerLogs, 'timeWindow'>,
  firstLog: () => Promise<number | null>,
  now: number,
): Promise<TimeRange | null> {
  if (from != null && to != null) return { from: from.getTime(), to: to.getTime() };
  const asked = timeWindow(EVERYTHING, filter);
  const end = to?.getTime() ?? (asked.to < UNBOUNDED.to ? asked.to : now + 1);
  const start =
    from?.getTime() ?? (asked.from > UNBOUNDED.from ? logs.timeWindow(filter).from : await firstLog());
  return start !== null && start < end ? { from: start, to: end } : null;
}

const EVERYTHING = { organizationId: '', visibleFrom: null };
const UNBOUNDED = timeWindow(EVERYTHING, MATCH_ALL);
