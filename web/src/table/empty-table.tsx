import { useQuestion } from '../state/question.tsx';
import { useUrlState } from '../state/url-state.ts';
import { RELATIVE_RANGES, widerRelative } from '../time/time-range.ts';
import { StateMessage } from '../ui/state-message.tsx';

/** What the table shows if no log matches. */
export function EmptyTable() {
  const { interval, now } = useQuestion();
  const [{ q, filter }, setState] = useUrlState();
  const hasFilter = q.trim() !== '' || filter !== null;
  const wider = widerRelative(interval, now);
  return (
    <StateMessage
      title="No request matches"
      actions={
        <>
          {hasFilter && (
            <button type="button" className="button" onClick={() => setState({ q: null, filter: null })}>
              Clear the filter
            </button>
          )}
          {wider !== null && (
            <button
              type="button"
              className="button"
              onClick={() => setState({ range: { kind: 'relative', name: wider } })}
            >
              Show the {RELATIVE_RANGES[wider].label.toLowerCase()}
            </button>
          )}
        </>
      }
    >
      {hasFilter
        ? 'There is no request with these conditions in this range of time.'
        : 'There is no request in this range of time.'}
    </StateMessage>
  );
}
