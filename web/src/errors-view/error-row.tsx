import { graphql, useFragment } from 'react-relay/hooks';
import type { ErrorRow_group$key } from '../__generated__/ErrorRow_group.graphql';
import { stateOfFilter } from '../filter/edit-query.ts';
import type { RequestLogFilter } from '../filter/request-log-filter.ts';
import { formatAge } from '../format/duration.ts';
import { formatNumber, formatPercent } from '../format/number.ts';
import type { ChartValues } from '../groups/group-charts.ts';
import { openByRow } from '../groups/open-by-row.ts';
import { Sparkline, sumOf } from '../groups/sparkline.tsx';
import { useQuestion } from '../state/question.tsx';
import { useUrlState } from '../state/url-state.ts';
import { formatFullTime } from '../time/format.ts';
import type { Affected } from './affected.ts';
import { AffectedCell } from './affected-cell.tsx';

/** A group of errors and what other questions say about it. */
export interface ShownGroup {
  readonly node: ErrorRow_group$key & { readonly id: string };
  /** Null: not counted. Undefined: not known yet. */
  readonly affected: Affected | null | undefined;
  /** Number of errors in each part of the range. Null: not known yet. */
  readonly chart: ChartValues | null;
  /** Selects the logs of the group, within the range of time. */
  readonly filter: RequestLogFilter;
  /** Number of requests to its route, with and without errors. Null: the group is not of one route. */
  readonly requestsOfRoute: number | null;
}

/** One group of errors. Its name opens its logs, and its sample opens that log. */
export function ErrorRow({
  group: { node, affected, chart, filter, requestsOfRoute },
  total,
}: {
  readonly group: ShownGroup;
  readonly total: number;
}) {
  const { zone, now } = useQuestion();
  const [, setState] = useUrlState();
  const {
    key,
    measures,
    sampleRequestLog: sample,
  } = useFragment<ErrorRow_group$key>(
    graphql`
      fragment ErrorRow_group on RequestLogGroup @throwOnFieldError {
        key {
          dimension
          value
        }
        measures {
          count
          serverErrorCount
          firstCreatedAt
          lastCreatedAt
        }
        sampleRequestLog {
          requestId
          method
          path
          statusCode
          errorDetail
        }
      }
    `,
    node,
  );
  const partOf = (name: (typeof key)[number]['dimension']) =>
    key.find(({ dimension }) => dimension === name)?.value;
  const route = partOf('ROUTE_PATTERN');
  const method = partOf('METHOD');
  const errorType = partOf('ERROR_TYPE');
  const statusCode = partOf('STATUS_CODE');
  const isServerError = measures.serverErrorCount > measures.count / 2;
  const ageOf = (time: string) => formatAge(Math.max(0, now - Date.parse(time)));
  const { firstCreatedAt: first, lastCreatedAt: last } = measures;
  const open = () => setState({ view: 'logs', log: null, ...stateOfFilter(filter) });
  return (
    <tr onClick={openByRow(open)}>
      <th scope="row">
        <div className="group-name">
          {statusCode !== undefined && (
            <span className={`badge ${isServerError ? 'danger' : 'warning'}`}>{statusCode}</span>
          )}
          <button type="button" className="group-open" title="Show the requests">
            {route !== undefined && (
              <>
                {method !== undefined && <span className="mono muted">{method} </span>}
                <span className="mono">{route ?? <i>no route</i>}</span>{' '}
              </>
            )}
            {errorType !== undefined && (errorType ?? <i>no error type</i>)}
          </button>
        </div>
        {sample?.errorDetail != null && (
          <p className="group-detail">
            {errorType === undefined && 'Newest: '}
            {sample.errorDetail}
          </p>
        )}
      </th>
      <td className="number" data-label="Count">
        <strong>{formatNumber(measures.count)}</strong>
        <span className="muted">{formatPercent(measures.count / total)} of errors</span>
      </td>
      <td className="number" data-label="Of its route">
        {requestsOfRoute === null ? (
          <span className="muted">–</span>
        ) : (
          formatPercent(measures.count / requestsOfRoute)
        )}
      </td>
      <td data-label="Over time">
        <Sparkline values={chart ?? []} merge={sumOf} tone={isServerError ? '5xx' : '4xx'} />
      </td>
      <td data-label="Affected">
        <AffectedCell affected={affected} />
      </td>
      <td data-label="Seen">
        {last != null && <span title={formatFullTime(last, zone)}>{ageOf(last)}</span>}
        {first != null && (
          <span className="muted" title={formatFullTime(first, zone)}>
            first {ageOf(first)}
          </span>
        )}
      </td>
      <td className="group-sample">
        {sample != null && (
          <button
            type="button"
            className="button"
            title={`${sample.method} ${sample.path}`}
            onClick={(event) => {
              event.stopPropagation();
              setState({ log: sample.requestId });
            }}
          >
            Newest <span className="mono muted">{sample.method}</span>
            <span className="hidden-label">{sample.requestId}</span>
          </button>
        )}
      </td>
    </tr>
  );
}
