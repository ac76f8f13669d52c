import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { logDetailContentQuery } from '../__generated__/logDetailContentQuery.graphql';
import { serverClock } from '../relay/server-clock.ts';
import { useQuestion } from '../state/question.tsx';
import { useViewer } from '../state/viewer.ts';
import { StatusBadge } from '../table/status-badge.tsx';
import { formatDuration, formatFullTime } from '../time/format.ts';
import { useAttempt } from '../ui/panel-boundary.tsx';
import { StateMessage } from '../ui/state-message.tsx';
import { formatAge } from './age.ts';
import { AroundButtons } from './around-buttons.tsx';
import { CurlButton } from './curl-button.tsx';
import { CutText } from './cut-text.tsx';
import { Messages } from './messages.tsx';
import { Overview } from './overview.tsx';
import { traceUrl } from './trace-url.ts';

const PATH_CHARACTERS = 500;

/** What is known about one log. */
export function LogDetailContent({ requestId }: { readonly requestId: string }) {
  const { scopes, traceUrlTemplate } = useViewer();
  const { zone } = useQuestion();
  const sensitive = scopes.includes('logs:sensitive');
  const { requestLog: log } = useLazyLoadQuery<logDetailContentQuery>(
    graphql`
      query logDetailContentQuery($requestId: String!, $sensitive: Boolean!) @throwOnFieldError {
        requestLog(requestId: $requestId) {
          createdAt
          method
          path
          statusCode
          durationMs
          traceId
          ...aroundButtons_log
          ...curlButton_log @arguments(sensitive: $sensitive)
          ...overview_log @arguments(sensitive: $sensitive)
          ...messages_log @arguments(sensitive: $sensitive)
        }
      }
    `,
    { requestId, sensitive },
    { fetchKey: useAttempt() },
  );
  if (log === null || log === undefined) {
    return (
      <StateMessage title="No such request">
        This request does not exist, or it is older than the retention of your plan.
      </StateMessage>
    );
  }
  const trace = traceUrl(traceUrlTemplate, log.traceId);
  return (
    <div className="detail-content">
      <h2 className="detail-title">
        <StatusBadge statusCode={log.statusCode} /> <span className="mono method">{log.method}</span>{' '}
        <span className="mono path">
          <CutText text={log.path} limit={PATH_CHARACTERS} />
        </span>
      </h2>
      <p className="muted numbers">
        {formatFullTime(log.createdAt, zone)} ({formatAge(serverClock.now() - Date.parse(log.createdAt))})
        {typeof log.durationMs === 'number' && `, took ${formatDuration(log.durationMs)}`}
      </p>
      <div className="detail-actions">
        <CurlButton log={log} />
        {trace !== null && (
          <a className="button" href={trace} target="_blank" rel="noopener noreferrer">
            Open trace
          </a>
        )}
      </div>
      <Overview log={log} isLocked={!sensitive} />
      <AroundButtons log={log} />
      <Messages log={log} isLocked={!sensitive} />
    </div>
  );
}
