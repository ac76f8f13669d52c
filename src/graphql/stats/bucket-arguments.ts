import { STATS_LIMITS } from '../../stats/limits.ts';
import { builder } from '../builder.ts';
import { TimeIntervalEnum } from './time-interval.ts';

/** What the fields `buckets` say about themselves. */
export const BUCKETS_DESCRIPTION =
  'The range of time, divided into buckets. Empty buckets are included. The range is extended to whole buckets, in which only ' +
  `logs that match the filter count. At most ${STATS_LIMITS.buckets} buckets, and ${STATS_LIMITS.groupBuckets} for all groups together.`;

/** The arguments of a field `buckets`. */
export function bucketArguments() {
  return builder.args((t) => ({
    interval: t.field({ type: TimeIntervalEnum, required: true, description: 'Length of a bucket.' }),
    timeZone: t.field({
      type: 'TimeZone',
      required: true,
      defaultValue: 'UTC',
      description: 'The zone by whose clock buckets begin.',
    }),
    from: t.field({
      type: 'DateTime',
      description:
        "Start of the range, inclusive. Default: the start of the filter's range of `createdAt`, else the first log, within the retention window.",
    }),
    to: t.field({
      type: 'DateTime',
      description:
        "End of the range, exclusive. Default: the end of the filter's range of `createdAt`, else now.",
    }),
  }));
}
