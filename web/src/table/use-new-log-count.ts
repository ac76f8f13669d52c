import { useEffect, useEffectEvent, useState } from 'react';
import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { useNewLogCountQuery } from '../__generated__/useNewLogCountQuery.graphql';
import { useQuestion } from '../state/question.tsx';
import type { Sort } from '../state/sort.ts';
import { useUrlState } from '../state/url-state.ts';

const POLL_MS = 10_000;

/**
 * How many matching logs have appeared above the first row. Always 0 if new logs do not appear there.
 *
 * @param newest the time of the first row, ISO 8601. Null: there is no row.
 */
export function useNewLogCount(newest: string | null, sort: Sort): number {
  const environment = useRelayEnvironment();
  const { conditions, filter } = useQuestion();
  const [{ range }] = useUrlState();
  const [found, setFound] = useState<{ readonly of: unknown; readonly count: number } | null>(null);
  const isOn = range.kind === 'relative' && sort.field === 'CREATED_AT' && sort.direction === 'DESC';
  const newer = newest === null ? filter : { and: [conditions, { createdAt: { gt: newest } }] };
  const key = JSON.stringify(newer);
  const poll = useEffectEvent(() =>
    fetchQuery<useNewLogCountQuery>(
      environment,
      graphql`
        query useNewLogCountQuery($filter: RequestLogFilter) {
          requestLogStats(filter: $filter) {
            measures {
              count
            }
          }
        }
      `,
      { filter: newer },
      { networkCacheConfig: { force: true } },
    ).subscribe({
      next: ({ requestLogStats }) => setFound({ of: key, count: requestLogStats?.measures.count ?? 0 }),
      // The next poll may be answered.
      error: () => {},
    }),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question is polled for anew
  useEffect(() => {
    if (!isOn) return;
    let request: { unsubscribe(): void } | undefined;
    const tick = () => {
      if (document.visibilityState !== 'visible') return;
      request?.unsubscribe();
      request = poll();
    };
    const interval = setInterval(tick, POLL_MS);
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearInterval(interval);
      document.removeEventListener('visibilitychange', tick);
      request?.unsubscribe();
    };
  }, [isOn, key]);
  return isOn && found?.of === key ? found.count : 0;
}
