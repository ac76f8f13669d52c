import { formatNumber } from '../format/number.ts';
import '../groups/groups.css';
import { useDeferredValue, useMemo } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { ErrorsViewQuery } from '../__generated__/ErrorsViewQuery.graphql';
import type { RequestLogFilter } from '../filter/request-log-filter.ts';
import { useGroupCharts } from '../groups/group-charts.ts';
import { withoutConditions } from '../groups/group-filter.ts';
import { useFetchOptions } from '../state/fetch-options.ts';
import { useQuestion } from '../state/question.tsx';
import { StateMessage } from '../ui/state-message.tsx';
import { useAffected } from './affected.ts';
import { ErrorsControls } from './errors-controls.tsx';
import { ErrorsTable } from './errors-table.tsx';
import { sortGroups } from './sort-groups.ts';
import { GROUPINGS, KINDS, useErrorsUrl } from './url.ts';

const BY_COUNT = { measure: 'COUNT', direction: 'DESC' } as const;

/** Errors in groups. */
export function ErrorsView() {
  const [{ group, errors, order }] = useErrorsUrl();
  const chosen = useMemo(() => ({ group, errors, order }), [group, errors, order]);
  // The old groups stay until the new ones have arrived, and the controls keep the focus.
  const shown = useDeferredValue(chosen);
  return (
    <div className="errors-view" data-stale={shown !== chosen}>
      <ErrorsControls />
      <ErrorGroups {...shown} />
    </div>
  );
}

function ErrorGroups({ group, errors, order }: ReturnType<typeof useErrorsUrl>[0]) {
  const { filter: all, time } = useQuestion();
  const { by } = GROUPINGS[group];
  const hasRoute = group !== 'type';
  const kind = KINDS[errors].filter;
  const filter = useMemo(() => ({ and: [all, kind] }), [all, kind]);
  const data = useLazyLoadQuery<ErrorsViewQuery>(
    graphql`
      query ErrorsViewQuery(
        $filter: RequestLogFilter!
        $all: RequestLogFilter!
        $by: [RequestLogDimension!]!
        $hasRoute: Boolean!
      ) @throwOnFieldError {
        errors: requestLogStats(filter: $filter) {
          measures {
            count
          }
          groups(by: $by, top: 50) {
            groupCount
            other {
              count
            }
            nodes {
              id
              filter
              measures {
                count
                lastCreatedAt
              }
              key {
                dimension
                value
              }
              ...ErrorRow_group
            }
          }
        }
        all: requestLogStats(filter: $all) @include(if: $hasRoute) {
          groups(by: [ROUTE_PATTERN], top: 100) {
            nodes {
              key {
                value
              }
              measures {
                count
              }
            }
          }
        }
      }
    `,
    {
      filter,
      all,
      by,
      hasRoute,
    },
    useFetchOptions(),
  );
  const { nodes, groupCount, other } = data.errors.groups;
  const filters = useMemo(
    () => new Map(nodes.map((node) => [node.id, node.filter as RequestLogFilter])),
    [nodes],
  );
  const affected = useAffected(filters, order === 'affected');
  const charts = useGroupCharts({ filter, by, orderBy: BY_COUNT, isDuration: false });
  const requestsOfRoutes = useMemo(
    () => new Map(data.all?.groups.nodes.map(({ key, measures }) => [key[0]!.value ?? null, measures.count])),
    [data.all],
  );

  if (nodes.length === 0) {
    return (
      <StateMessage title="No errors">
        No request of this range and filter failed{errors === 'all' ? '' : ' in this way'}.
      </StateMessage>
    );
  }
  // The status code of a group says which class it has.
  const removed = by.some((dimension) => dimension === 'STATUS_CODE') ? [time, kind] : [time];
  return (
    <>
      <ErrorsTable
        groups={sortGroups(nodes, order, affected).map((node) => ({
          node,
          affected: affected.get(node.id),
          chart: charts.get(node.id) ?? null,
          filter: withoutConditions(node.filter as RequestLogFilter, removed),
          requestsOfRoute:
            requestsOfRoutes.get(
              node.key.find(({ dimension }) => dimension === 'ROUTE_PATTERN')?.value ?? null,
            ) ?? null,
        }))}
        total={data.errors.measures.count}
      />
      {other != null && (
        <p className="errors-rest muted">
          The {nodes.length} groups with the most errors. {formatNumber(groupCount - nodes.length)} more
          groups have {formatNumber(other.count)} errors together: narrow the filter to see them.
        </p>
      )}
    </>
  );
}
