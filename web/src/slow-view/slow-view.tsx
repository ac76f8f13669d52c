import { formatNumber, formatPercent } from '../format/number.ts';
import '../groups/groups.css';
import './slow-view.css';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useDeferredValue } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { SlowViewQuery } from '../__generated__/SlowViewQuery.graphql';
import { Choice } from '../groups/choice.tsx';
import { useGroupCharts } from '../groups/group-charts.ts';
import { useFetchOptions } from '../state/fetch-options.ts';
import { useQuestion } from '../state/question.tsx';
import { StateMessage } from '../ui/state-message.tsx';
import { SlowRow } from './slow-row.tsx';

const ORDERS = [
  { name: 'p95', label: '95th percentile', measure: 'DURATION_P95' },
  { name: 'time', label: 'Time spent', measure: 'DURATION_SUM' },
] as const;

/** What the URL says about this view alone. */
const parameter = parseAsStringLiteral(ORDERS.map(({ name }) => name))
  .withDefault('p95')
  .withOptions({ history: 'push', clearOnDefault: true });

/** Routes by duration. */
export function SlowView() {
  const [slow, setSlow] = useQueryState('slow', parameter);
  // The old order stays until the new one has arrived, and the choice keeps the focus.
  const shown = useDeferredValue(slow);
  return (
    <div className="slow-view" data-stale={shown !== slow}>
      <div className="view-controls">
        <span className="muted">Slowest routes by</span>
        <Choice legend="Order" options={ORDERS} value={slow} onChange={setSlow} />
      </div>
      <Routes measure={ORDERS.find(({ name }) => name === shown)!.measure} />
    </div>
  );
}

function Routes({ measure }: { readonly measure: (typeof ORDERS)[number]['measure'] }) {
  const { filter } = useQuestion();
  const { requestLogStats: stats } = useLazyLoadQuery<SlowViewQuery>(
    graphql`
      query SlowViewQuery(
        $filter: RequestLogFilter!
        $measure: RequestLogMeasure!
      ) @throwOnFieldError {
        requestLogStats(filter: $filter) {
          percentileRelativeError
          measures {
            durationMs {
              sum
            }
          }
          groups(by: [METHOD, ROUTE_PATTERN], top: 50, orderBy: { measure: $measure, direction: DESC }) {
            groupCount
            nodes {
              id
              ...SlowRow_group
            }
          }
        }
      }
    `,
    {
      filter,
      measure,
    },
    useFetchOptions(),
  );
  const { nodes, groupCount } = stats.groups;
  const charts = useGroupCharts({
    filter,
    by: ['METHOD', 'ROUTE_PATTERN'],
    orderBy: { measure, direction: 'DESC' },
    isDuration: true,
  });
  if (nodes.length === 0) {
    return <StateMessage title="No requests">No request of this range matches the filter.</StateMessage>;
  }
  return (
    <>
      <table className="groups">
        <caption className="hidden-label">Routes by duration</caption>
        <thead>
          <tr>
            <th scope="col">Route</th>
            <th scope="col" className="number">
              Requests
            </th>
            <th scope="col" className="number">
              p50
            </th>
            <th scope="col" className="number">
              p95
            </th>
            <th scope="col" className="number">
              p99
            </th>
            <th scope="col" className="number">
              Max
            </th>
            <th scope="col">p95 over time</th>
            <th scope="col">Time spent</th>
            <th scope="col" className="number">
              Errors
            </th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <SlowRow
              key={node.id}
              node={node}
              chart={charts.get(node.id) ?? []}
              totalMs={stats.measures.durationMs.sum}
            />
          ))}
        </tbody>
      </table>
      <p className="errors-rest muted">
        {groupCount > nodes.length &&
          `${formatNumber(nodes.length)} of ${formatNumber(groupCount)} routes: narrow the filter to see the others. `}
        Percentiles are within {formatPercent(stats.percentileRelativeError)} of the exact value. All other
        numbers are exact.
      </p>
    </>
  );
}
