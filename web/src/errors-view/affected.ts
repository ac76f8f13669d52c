import { useEffect, useState } from 'react';
import { useRelayEnvironment } from 'react-relay';
import { fetchQuery, graphql, readInlineData } from 'relay-runtime';
import type { affected_stats$key } from '../__generated__/affected_stats.graphql';
import type { affectedQuery, affectedQuery$variables } from '../__generated__/affectedQuery.graphql';
import type { RequestLogFilter } from '../filter/request-log-filter.ts';

/** How many API keys and consumers sent the requests of a group. */
export interface Affected {
  readonly keys: number;
  readonly consumers: number;
}

const STATS = graphql`
  fragment affected_stats on RequestLogStats @inline @throwOnFieldError {
    keys: groups(by: [API_KEY_ID], top: 1) {
      groupCount
    }
    consumers: groups(by: [CONSUMER_ID], top: 1) {
      groupCount
    }
  }
`;

// An operation may have 30 aliases.
const QUERY = graphql`
  query affectedQuery(
    $f0: RequestLogFilter!
    $f1: RequestLogFilter!
    $f2: RequestLogFilter!
    $f3: RequestLogFilter!
    $f4: RequestLogFilter!
    $f5: RequestLogFilter!
    $f6: RequestLogFilter!
    $f7: RequestLogFilter!
    $f8: RequestLogFilter!
    $f9: RequestLogFilter!
    $f10: RequestLogFilter!
    $f11: RequestLogFilter!
    $f12: RequestLogFilter!
    $f13: RequestLogFilter!
    $f14: RequestLogFilter!
    $f15: RequestLogFilter!
    $f16: RequestLogFilter!
    $f17: RequestLogFilter!
    $f18: RequestLogFilter!
    $f19: RequestLogFilter!
    $f20: RequestLogFilter!
    $f21: RequestLogFilter!
    $f22: RequestLogFilter!
    $f23: RequestLogFilter!
    $f24: RequestLogFilter!
  ) {
    g0: requestLogStats(filter: $f0) { ...affected_stats }
    g1: requestLogStats(filter: $f1) { ...affected_stats }
    g2: requestLogStats(filter: $f2) { ...affected_stats }
    g3: requestLogStats(filter: $f3) { ...affected_stats }
    g4: requestLogStats(filter: $f4) { ...affected_stats }
    g5: requestLogStats(filter: $f5) { ...affected_stats }
    g6: requestLogStats(filter: $f6) { ...affected_stats }
    g7: requestLogStats(filter: $f7) { ...affected_stats }
    g8: requestLogStats(filter: $f8) { ...affected_stats }
    g9: requestLogStats(filter: $f9) { ...affected_stats }
    g10: requestLogStats(filter: $f10) { ...affected_stats }
    g11: requestLogStats(filter: $f11) { ...affected_stats }
    g12: requestLogStats(filter: $f12) { ...affected_stats }
    g13: requestLogStats(filter: $f13) { ...affected_stats }
    g14: requestLogStats(filter: $f14) { ...affected_stats }
    g15: requestLogStats(filter: $f15) { ...affected_stats }
    g16: requestLogStats(filter: $f16) { ...affected_stats }
    g17: requestLogStats(filter: $f17) { ...affected_stats }
    g18: requestLogStats(filter: $f18) { ...affected_stats }
    g19: requestLogStats(filter: $f19) { ...affected_stats }
    g20: requestLogStats(filter: $f20) { ...affected_stats }
    g21: requestLogStats(filter: $f21) { ...affected_stats }
    g22: requestLogStats(filter: $f22) { ...affected_stats }
    g23: requestLogStats(filter: $f23) { ...affected_stats }
    g24: requestLogStats(filter: $f24) { ...affected_stats }
  }
`;

const SIZE = 25;
/** The cheapest question: it reads nothing. */
const NOTHING: RequestLogFilter = { or: [] };

/**
 * Counts who is affected by groups of errors, 25 groups in a request. A group can have as many keys as the organization, so the answer
 * of the groups themselves cannot contain them.
 *
 * @param filters the filter of each group, by the id of the group; the same object as long as the groups are the same.
 * @returns what is known yet, by the id of the group.
 */
export function useAffected(filters: ReadonlyMap<string, RequestLogFilter>): ReadonlyMap<string, Affected> {
  const environment = useRelayEnvironment();
  const [known, setKnown] = useState<ReadonlyMap<string, Affected>>(new Map());
  useEffect(() => {
    const all = [...filters];
    const requests = Array.from({ length: Math.ceil(all.length / SIZE) }, (_, index) => {
      const part = all.slice(index * SIZE, (index + 1) * SIZE);
      return fetchQuery<affectedQuery>(environment, QUERY, variablesOf(part.map(([, filter]) => filter)), {
        fetchPolicy: 'store-or-network',
      }).subscribe({
        next: (data) => {
          const stats = part.map(
            ([id], position) => [id, data[`g${position}` as keyof typeof data]] as const,
          );
          setKnown((before) => new Map([...before, ...stats.flatMap(([id, key]) => affectedOf(id, key))]));
        },
        // The column shows that it is not known; all else is.
        error: () => {},
      });
    });
    return () => {
      for (const request of requests) request.unsubscribe();
    };
  }, [environment, filters]);
  return known;
}

function variablesOf(filters: readonly RequestLogFilter[]): affectedQuery$variables {
  return Object.fromEntries(
    Array.from({ length: SIZE }, (_, index) => [`f${index}`, filters[index] ?? NOTHING]),
  ) as affectedQuery$variables;
}

function affectedOf(id: string, key: affected_stats$key | null | undefined): [string, Affected][] {
  if (key == null) return [];
  const { keys, consumers } = readInlineData(STATS, key);
  return [[id, { keys: keys.groupCount, consumers: consumers.groupCount }]];
}
