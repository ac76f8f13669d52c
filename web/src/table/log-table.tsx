import './log-table.css';
import { Suspense, useDeferredValue, useMemo, useReducer } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { LogTableQuery } from '../__generated__/LogTableQuery.graphql';
import { isSensitive } from '../fields/is-sensitive.ts';
import { useFetchOptions } from '../state/fetch-options.ts';
import { useQuestion } from '../state/question.tsx';
import type { Sort } from '../state/sort.ts';
import { useUrlState } from '../state/url-state.ts';
import { useViewer } from '../state/viewer.ts';
import { DEFAULT_COLUMNS, parseColumns } from './column-choice.ts';
import type { ColumnName } from './column-names.ts';
import { LogGrid } from './log-grid.tsx';
import { SkeletonRows } from './skeleton-rows.tsx';
import { TableHead } from './table-head.tsx';
import { useLogPages } from './use-log-pages.ts';

/** The fields that the query always selects, so that these columns can be added without loading the rows again. */
const LIGHT_COLUMNS: ReadonlySet<ColumnName> = new Set([
  ...DEFAULT_COLUMNS,
  'requestId',
  'routePattern',
  'service',
  'apiKeyId',
]);

/** The logs of the question, one row each. */
export function LogTable() {
  const [{ sort, cols }] = useUrlState();
  // The old rows stay until those of the new order have arrived.
  const shown = useDeferredValue(useMemo(() => ({ sort, columns: parseColumns(cols) }), [sort, cols]));
  const [newPages, countNewPage] = useReducer((count: number) => count + 1, 0);
  const Logs = shown.columns.some(isSensitive) ? VisibleLogs : LoadedLogs;
  return (
    <div className="log-table" data-stale={shown.sort !== sort}>
      <TableHead newPages={newPages} />
      <Suspense fallback={<SkeletonRows />}>
        <Logs {...shown} onNewPage={countNewPage} />
      </Suspense>
    </div>
  );
}

interface LogsProps {
  readonly sort: Sort;
  readonly columns: readonly ColumnName[];
  readonly onNewPage: () => void;
}

/** Without the columns that the caller may not see, for example in a link of a colleague who may. */
function VisibleLogs({ columns, ...props }: LogsProps) {
  const canSeeAll = useViewer().scopes.includes('logs:sensitive');
  const visible = useMemo(
    () => (canSeeAll ? columns : columns.filter((name) => !isSensitive(name))),
    [canSeeAll, columns],
  );
  return <LoadedLogs columns={visible} {...props} />;
}

function LoadedLogs({ sort, columns, onNewPage }: LogsProps) {
  const { filter } = useQuestion();
  const query = useLazyLoadQuery<LogTableQuery>(
    graphql`
      query LogTableQuery(
        $filter: RequestLogFilter
        $sort: RequestLogSort!
        $withMore: Boolean!
        $withSensitive: Boolean!
      ) {
        ...useLogPages_query
          @arguments(
            # Not a default value of the fragment: Relay would send it with "last" as well.
            first: 100
            filter: $filter
            sort: $sort
            withMore: $withMore
            withSensitive: $withSensitive
          )
      }
    `,
    {
      filter,
      sort,
      withMore: columns.some((name) => !LIGHT_COLUMNS.has(name) && !isSensitive(name)),
      withSensitive: columns.some(isSensitive),
    },
    useFetchOptions(),
  );
  const pages = useLogPages(query);
  return <LogGrid pages={pages} sort={sort} columns={columns} questionKey={query} onNewPage={onNewPage} />;
}
