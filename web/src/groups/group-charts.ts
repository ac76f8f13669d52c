import { useEffect, useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { graphql } from 'relay-runtime';
import type {
  groupChartsQuery,
  groupChartsQuery$data,
  groupChartsQuery$variables,
} from '../__generated__/groupChartsQuery.graphql';
import { useQuestion } from '../state/question.tsx';
import { fetchOnce } from './fetch-once.ts';
import { sparkIntervals } from './spark-interval.ts';

const QUERY = graphql`
  query groupChartsQuery(
    $filter: RequestLogFilter!
    $by: [RequestLogDimension!]!
    $orderBy: RequestLogGroupOrder!
    $isDuration: Boolean!
    $interval: TimeInterval!
    $timeZone: TimeZone!
    $from: DateTime!
    $to: DateTime!
  ) {
    requestLogStats(filter: $filter) {
      groups(by: $by, top: 50, orderBy: $orderBy) {
        nodes {
          id
          buckets(interval: $interval, timeZone: $timeZone, from: $from, to: $to) {
            measures {
              count @skip(if: $isDuration)
              durationMs @include(if: $isDuration) {
                p95
              }
            }
          }
        }
      }
    }
  }
`;

type Question = Pick<groupChartsQuery$variables, 'filter' | 'by' | 'orderBy' | 'isDuration'>;

/** The values of one sparkline, in order of time; null where nothing was measured. */
export type ChartValues = readonly (number | null)[];

/**
 * The values of the sparklines of the first 50 groups, by the id of the group: numbers of requests, or 95th percentiles in
 * milliseconds. They come later than the table, because they cost more to read. If they cost more than the server allows, there is
 * a value for each day, or none.
 */
export function useGroupCharts(question: Question): ReadonlyMap<string, ChartValues> {
  const environment = useRelayEnvironment();
  const { interval, zone } = useQuestion();
  const [charts, setCharts] = useState<ReadonlyMap<string, ChartValues>>(new Map());
  const asked = JSON.stringify([question, interval, zone]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` is all that is asked, by value
  useEffect(() => {
    const controller = new AbortController();
    void (async () => {
      for (const length of sparkIntervals(interval)) {
        const variables = {
          ...question,
          interval: length,
          timeZone: zone,
          from: new Date(interval.from).toISOString(),
          to: new Date(interval.to).toISOString(),
        };
        const data = await fetchOnce<groupChartsQuery>(environment, QUERY, variables, controller.signal);
        if (controller.signal.aborted) return;
        const values = data === null ? null : valuesOf(data);
        if (values === null) continue;
        setCharts(values);
        return;
      }
    })();
    return () => controller.abort();
  }, [environment, asked]);
  return charts;
}

/** Null if the server did not compute them. */
function valuesOf({ requestLogStats }: groupChartsQuery$data): ReadonlyMap<string, ChartValues> | null {
  const nodes = requestLogStats?.groups?.nodes;
  if (nodes === undefined || nodes.some(({ buckets }) => buckets == null)) return null;
  return new Map(
    nodes.map(({ id, buckets }) => [
      id,
      buckets!.map(({ measures: { count, durationMs } }) => count ?? durationMs?.p95 ?? null),
    ]),
  );
}
