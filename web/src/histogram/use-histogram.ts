import { useMemo } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { useHistogramQuery } from '../__generated__/useHistogramQuery.graphql';
import { useFetchOptions } from '../state/fetch-options.ts';
import { timeCondition, useQuestion, withTime } from '../state/question.tsx';
import { useMediaQuery } from '../ui/use-media-query.ts';
import { toBars } from './bars.ts';
import { chooseInterval } from './choose-interval.ts';
import { countsBefore, periodBefore } from './period-before.ts';

const NARROW = '(max-width: 600px)';
const MAX_BARS = { narrow: 200, wide: 360 } as const;

graphql`
  fragment useHistogram_measures on RequestLogMeasures {
    count
    serverErrorRate
    clientErrorRate
    durationMs {
      p50
      p95
    }
  }
`;

/**
 * The statistics of the question. Suspends until they are there.
 *
 * @param compare whether those of the period before are read as well.
 */
export function useHistogram(compare: boolean) {
  const { filter, conditions, interval: range, zone } = useQuestion();
  const maxBars = useMediaQuery(NARROW) ? MAX_BARS.narrow : MAX_BARS.wide;
  const interval = chooseInterval(range.to - range.from, maxBars);
  const rangeBefore = periodBefore(range);
  const { stats, before } = useLazyLoadQuery<useHistogramQuery>(
    graphql`
      query useHistogramQuery(
        $filter: RequestLogFilter
        $from: DateTime
        $to: DateTime
        $interval: TimeInterval!
        $zone: TimeZone!
        $compare: Boolean!
        $filterBefore: RequestLogFilter
        $fromBefore: DateTime
      ) @throwOnFieldError {
        stats: requestLogStats(filter: $filter) {
          percentileRelativeError
          measures {
            ...useHistogram_measures @relay(mask: false)
          }
          buckets(from: $from, to: $to, interval: $interval, timeZone: $zone) {
            from
            to
            measures {
              count
              durationMs {
                p95
              }
            }
          }
          groups(by: [STATUS_CLASS], top: 10) {
            nodes {
              key {
                value
              }
              buckets(from: $from, to: $to, interval: $interval, timeZone: $zone) {
                measures {
                  count
                }
              }
            }
          }
        }
        before: requestLogStats(filter: $filterBefore) @include(if: $compare) {
          measures {
            ...useHistogram_measures @relay(mask: false)
          }
          buckets(from: $fromBefore, to: $from, interval: $interval, timeZone: $zone) {
            from
            to
            measures {
              count
            }
          }
        }
      }
    `,
    {
      filter,
      from: new Date(range.from).toISOString(),
      to: new Date(range.to).toISOString(),
      interval,
      zone,
      compare,
      filterBefore: compare ? withTime(conditions, timeCondition(rangeBefore, true)) : null,
      fromBefore: compare ? new Date(rangeBefore.from).toISOString() : null,
    },
    useFetchOptions(),
  );
  const bars = useMemo(() => toBars(stats.buckets, stats.groups.nodes), [stats]);
  const counts = useMemo(
    () =>
      before &&
      countsBefore(
        bars,
        before.buckets.map(({ from, to, measures }) => ({
          from: Date.parse(from),
          to: Date.parse(to),
          count: measures.count,
        })),
        range.to - range.from,
      ),
    [bars, before, range],
  );
  return {
    bars,
    interval,
    measures: stats.measures,
    relativeError: stats.percentileRelativeError,
    /** For each bar the number of requests in the period before; null if it is not compared. */
    before: counts ?? null,
    measuresBefore: before?.measures ?? null,
  };
}
