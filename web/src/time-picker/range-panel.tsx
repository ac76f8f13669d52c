import { useQuestion } from '../state/question.tsx';
import { useUrlState } from '../state/url-state.ts';
import { PinIcon } from '../ui/icons.tsx';
import { AbsoluteForm } from './absolute-form.tsx';
import { RelativeRanges } from './relative-ranges.tsx';
import { ZoneChoice } from './zone-choice.tsx';

/** Chooses the range of time and the time zone. */
export function RangePanel({ close }: { readonly close: () => void }) {
  const [{ range, tz }, setState] = useUrlState();
  const { interval, zone, now, refresh } = useQuestion();
  return (
    <>
      <div>
        <h2>Up to now</h2>
        <RelativeRanges
          range={range}
          now={now}
          onChoose={(name) => {
            setState({ range: { kind: 'relative', name } });
            refresh();
            close();
          }}
        />
        {range.kind === 'relative' && (
          <button
            type="button"
            className="menu-item range-pin"
            title="Makes the range absolute, so that a link to this page always shows the same logs"
            onClick={() => {
              setState({ range: { kind: 'absolute', ...interval } });
              close();
            }}
          >
            <PinIcon /> Pin this range
          </button>
        )}
      </div>
      <div>
        <h2>From and to ({zone})</h2>
        <AbsoluteForm
          key={zone}
          interval={interval}
          zone={zone}
          onApply={(chosen) => {
            setState({ range: { kind: 'absolute', ...chosen } });
            close();
          }}
        />
        <ZoneChoice zone={tz} now={interval.to} onChoose={(chosen) => setState({ tz: chosen })} />
      </div>
    </>
  );
}
