import { graphql, useFragment } from 'react-relay/hooks';
import type { SlowRow_group$key } from '../__generated__/SlowRow_group.graphql';
import { stateOfFilter } from '../filter/edit-query.ts';
import type { RequestLogFilter } from '../filter/request-log-filter.ts';
import { formatDuration } from '../format/duration.ts';
import { formatNumber, formatPercent } from '../format/number.ts';
import type { ChartValues } from '../groups/group-charts.ts';
import { withoutConditions } from '../groups/group-filter.ts';
import { openByRow } from '../groups/open-by-row.ts';
import { maxOf, Sparkline } from '../groups/sparkline.tsx';
import { useQuestion } from '../state/question.tsx';
import { useUrlState } from '../state/url-state.ts';

/** One route and its durations. Its name opens its logs, slowest first. */
export function SlowRow({
  node,
  chart,
  totalMs,
}: {
  readonly node: SlowRow_group$key;
  readonly chart: ChartValues;
  /** Of all routes together. */
  readonly totalMs: number;
}) {
  const { time } = useQuestion();
  const [, setState] = useUrlState();
  const { key, filter, measures } = useFragment<SlowRow_group$key>(
    graphql`
      fragment SlowRow_group on RequestLogGroup @throwOnFieldError {
        key {
          dimension
          value
        }
        filter
        measures {
          count
          clientErrorCount
          serverErrorCount
          durationMs {
            count
            p50
            p95
            p99
            max
            sum
          }
        }
      }
    `,
    node,
  );
  const { count, clientErrorCount, serverErrorCount, durationMs } = measures;
  const [method, route] = key;
  const open = () => {
    const logs = withoutConditions(filter as RequestLogFilter, [time]);
    setState({
      view: 'logs',
      log: null,
      sort: { field: 'DURATION_MS', direction: 'DESC' },
      ...stateOfFilter(logs),
    });
  };
  const share = totalMs === 0 ? 0 : durationMs.sum / totalMs;
  return (
    <tr onClick={openByRow(open)}>
      <th scope="row">
        <button type="button" className="group-open" title="Show its requests, slowest first">
          <span className="mono muted">{method!.value}</span>{' '}
          <span className="mono">{route!.value ?? <i>no route</i>}</span>
        </button>
      </th>
      <td className="number" data-label="Requests">
        {formatNumber(count)}
      </td>
      <Duration label="p50" ms={durationMs.p50} />
      <Duration label="p95" ms={durationMs.p95} isMain />
      <Duration label="p99" ms={durationMs.p99} />
      <Duration label="Max" ms={durationMs.max} />
      <td data-label="p95 over time">
        <Sparkline values={chart} merge={maxOf} tone="line" />
      </td>
      <td data-label="Time spent">
        <span>
          {formatDuration(durationMs.sum)} <span className="muted">{formatPercent(share)}</span>
        </span>
        <span className="share-bar" aria-hidden="true">
          <span style={{ width: `${share * 100}%` }} />
        </span>
      </td>
      <td
        className="number"
        data-label="Errors"
        title={`${formatNumber(serverErrorCount)} server errors, ${formatNumber(clientErrorCount)} client errors`}
      >
        <span>{formatPercent((clientErrorCount + serverErrorCount) / count)}</span>
        {serverErrorCount > 0 && (
          <span className="server-errors">{formatPercent(serverErrorCount / count)} server</span>
        )}
      </td>
    </tr>
  );
}

function Duration({
  label,
  ms,
  isMain = false,
}: {
  readonly label: string;
  /** Null: no request has a duration. */
  readonly ms: number | null | undefined;
  readonly isMain?: boolean;
}) {
  const text = ms == null ? '–' : formatDuration(ms);
  return (
    <td className="number" data-label={label}>
      {isMain ? <strong>{text}</strong> : text}
    </td>
  );
}
