import { useEffect, useState } from 'react';
import { useRelayEnvironment } from 'react-relay/hooks';
import { graphql, readInlineData } from 'relay-runtime';
import type { affected_stats$key } from '../__generated__/affected_stats.graphql';
import type { affectedQuery, affectedQuery$variables } from '../__generated__/affectedQuery.graphql';
import type { RequestLogFilter } from '../filter/request-log-filter.ts';
import { fetchOnce } from '../groups/fetch-once.ts';

/** How many API keys and consumers sent the requests of a group. */
export interface Affected {
  readonly keys: number;
  readonly consumers: number;
}

const STATS = graphql`
  fragment affected_stats on RequestLogStats @inline {
    keys: groups(by: [API_KEY_ID], top: 1) {
      groupCount
    }
    consumers: groups(by: [CONSUMER_ID], top: 1) {
      groupCount
    }
  }
`;

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
  ) {
    g0: requestLogStats(filter: $f0) {
      ...affected_stats
    }
    g1: requestLogStats(filter: $f1) {
      ...affected_stats
    }
    g2: requestLogStats(filter: $f2) {
      ...affected_stats
    }
    g3: requestLogStats(filter: $f3) {
      ...affected_stats
    }
    g4: requestLogStats(filter: $f4) {
      ...affected_stats
    }
    g5: requestLogStats(filter: $f5) {
      ...affected_stats
    }
    g6: requestLogStats(filter: $f6) {
      ...affected_stats
    }
    g7: requestLogStats(filter: $f7) {
      ...affected_stats
    }
    g8: requestLogStats(filter: $f8) {
      ...affected_stats
    }
    g9: requestLogStats(filter: $f9) {
      ...affected_stats
    }
    viewer {
      limits {
        queryCost
      }
    }
  }
`;

const SIZE = 10;
/** The cheapest question: it reads nothing. */
const NOTHING: RequestLogFilter = { or: [] };
/** A tenth of what an operation may cost by default. With many logs, ten groups cost all of it. */
const CHEAP = 1_000;

/**
 * Counts who is affected by groups of errors, ten groups in a request. It goes on after the first ten as long as that is cheap.
 *
 * @param filters the filter of each group, by the id of the group; the same object as long as the groups are the same.
 * @param isWanted whether all groups are counted, whatever it costs.
 * @returns by the id of the group; null for a group that is not counted, and nothing for one whose answer is pending.
 */
export function useAffected(
  filters: ReadonlyMap<string, RequestLogFilter>,
  isWanted: boolean,
): ReadonlyMap<string, Affected | null> {
  const environment = useRelayEnvironment();
  const [known, setKnown] = useState<ReadonlyMap<string, Affected | null>>(new Map());
  useEffect(() => {
    const controller = new AbortController();
    void (async () => {
      const groups = [...filters];
      for (let start = 0; start < groups.length; start += SIZE) {
        const part = groups.slice(start, start + SIZE);
        const variables = variablesOf(part.map(([, filter]) => filter));
        const data = await fetchOnce<affectedQuery>(environment, QUERY, variables, controller.signal);
        if (controller.signal.aborted) return;
        const goesOn = data !== null && (isWanted || data.viewer.limits.queryCost <= CHEAP);
        const counted = part.map(
          ([id], index) =>
            [id, affectedOf(data?.[`g${index}` as keyof affectedQuery['response'] & `g${number}`])] as const,
        );
        const rest = goesOn ? [] : groups.slice(start + SIZE).map(([id]) => [id, null] as const);
        setKnown((before) => new Map([...before, ...counted, ...rest]));
        if (!goesOn) return;
      }
    })();
    return () => controller.abort();
  }, [environment, filters, isWanted]);
  return known;
}

function variablesOf(filters: readonly RequestLogFilter[]): affectedQuery$variables {
  return Object.fromEntries(
    Array.from({ length: SIZE }, (_, index) => [`f${index}`, filters[index] ?? NOTHING]),
  ) as affectedQuery$variables;
}

function affectedOf(key: affected_stats$key | null | undefined): Affected | null {
  if (key == null) return null;
  const { keys, consumers } = readInlineData(STATS, key);
  if (keys == null || consumers == null) return null;
  return { keys: keys.groupCount, consumers: consumers.groupCount };
}
