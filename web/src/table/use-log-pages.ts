import { useMemo, useState } from 'react';
import { graphql, usePaginationFragment } from 'react-relay/hooks';
import type { LogTableQuery } from '../__generated__/LogTableQuery.graphql';
import type {
  useLogPages_query$data,
  useLogPages_query$key,
} from '../__generated__/useLogPages_query.graphql';

export const PAGE_SIZE = 100;

export type LogOfTable = useLogPages_query$data['requestLogs']['edges'][number]['node'];

/** The logs that are loaded, and the ways to load more of them. */
export interface LogPages {
  readonly logs: readonly LogOfTable[];
  readonly hasNext: boolean;
  readonly isLoadingNext: boolean;
  readonly hasPrevious: boolean;
  readonly isLoadingPrevious: boolean;
  /**
   * The last page was not filled because the search took too long. `searchedTo`: ISO 8601; null if the order is not by time.
   * Null: the search did not stop.
   */
  readonly stopped: { readonly searchedTo: string | null } | null;
  readonly failure: Error | null;
  loadNext(): void;
  loadPrevious(onLoaded?: () => void): void;
}

/** Pages in both directions from the first page of the query. */
export function useLogPages(query: useLogPages_query$key): LogPages {
  const { data, hasNext, hasPrevious, isLoadingNext, isLoadingPrevious, ...pages } = usePaginationFragment<
    LogTableQuery,
    useLogPages_query$key
  >(
    graphql`
      fragment useLogPages_query on Query
      @refetchable(queryName: "useLogPagesQuery")
      @argumentDefinitions(
        filter: { type: "RequestLogFilter" }
        sort: { type: "RequestLogSort!" }
        withMore: { type: "Boolean!" }
        withSensitive: { type: "Boolean!" }
        first: { type: "Int" }
        after: { type: "String" }
        last: { type: "Int" }
        before: { type: "String" }
      )
      @throwOnFieldError {
        requestLogs(filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before)
          @connection(key: "LogTable_requestLogs") {
          searchedTo
          edges {
            node {
              id
              requestId
              createdAt
              statusCode
              method
              path
              durationMs
              consumerId
              errorType
              routePattern
              service
              apiKeyId
              errorDetail @include(if: $withMore)
              host @include(if: $withMore)
              traceId @include(if: $withMore)
              requestBytes @include(if: $withMore)
              responseBytes @include(if: $withMore)
              billedUnits @include(if: $withMore)
              authType @include(if: $withMore)
              endpointType @include(if: $withMore)
              receivedAt @include(if: $withMore)
              ipAddress @include(if: $withSensitive)
              userAgent @include(if: $withSensitive)
            }
          }
        }
      }
    `,
    query,
  );
  const { edges } = data.requestLogs;
  const searchedTo = data.requestLogs.searchedTo ?? null;
  const logs = useMemo(() => edges.map(({ node }) => node), [edges]);
  const [asked, setAsked] = useState<{ readonly query: unknown; readonly rows: number } | null>(null);
  const [failed, setFailed] = useState<{ readonly query: unknown; readonly error: Error | null } | null>(
    null,
  );
  const rowsBefore = asked?.query === query ? asked.rows : 0;
  const isShort = logs.length - rowsBefore < PAGE_SIZE;
  return {
    logs,
    hasNext,
    hasPrevious,
    isLoadingNext,
    isLoadingPrevious,
    stopped: hasNext && !isLoadingNext && isShort ? { searchedTo } : null,
    failure: failed?.query === query ? failed.error : null,
    loadNext() {
      setAsked({ query, rows: logs.length });
      pages.loadNext(PAGE_SIZE, { onComplete: (error) => setFailed({ query, error }) });
    },
    loadPrevious(onLoaded) {
      pages.loadPrevious(PAGE_SIZE, {
        onComplete(error) {
          setFailed({ query, error });
          if (error === null) onLoaded?.();
        },
      });
    },
  };
}
