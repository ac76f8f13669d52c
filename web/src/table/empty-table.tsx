import { useUrlState } from '../state/url-state.ts';
import { RELATIVE_RANGES, type RelativeName, type TimeRange } from '../time/time-range.ts';
import { StateMessage } from '../ui/state-message.tsx';

const NAMES = Object.keys(RELATIVE_RANGES) as readonly RelativeName[];

/** What the table shows if no log matches. */
export function EmptyTable() {
  const [{ q, filter, range }, setState] = useUrlState();
  const hasFilter = q.trim() !== '' || filter !== null;
  const wider = widerRange(range);
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
            <button type="button" className="button" onClick={() => setState({ range: wider })}>
              Show the {RELATIVE_RANGES[wider.name].label.toLowerCase()}
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

/** The next longer range that ends now. Null: there is none. */
function widerRange(range: TimeRange) {
  const length = range.kind === 'relative' ? RELATIVE_RANGES[range.name].ms : Date.now() - range.from;
  const name = NAMES.find((candidate) => RELATIVE_RANGES[candidate].ms > length);
  return name === undefined ? null : ({ kind: 'relative', name } as const);
}
