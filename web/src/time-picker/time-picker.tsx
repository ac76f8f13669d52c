import './time-picker.css';
import { useQuestion } from '../state/question.tsx';
import { useUrlState } from '../state/url-state.ts';
import { formatRange, LOCAL_ZONE } from '../time/format.ts';
import { RELATIVE_RANGES } from '../time/time-range.ts';
import { formatOffset } from '../time/zone.ts';
import { ChevronDownIcon, ClockIcon, PinIcon } from '../ui/icons.tsx';
import { Popover } from '../ui/popover.tsx';
import { AbsoluteForm } from './absolute-form.tsx';
import { RelativeRanges } from './relative-ranges.tsx';
import { ZoneChoice } from './zone-choice.tsx';

/** The range of time and the time zone. */
export function TimePicker() {
  const [{ range, tz }, setState] = useUrlState();
  const { interval, zone, now, refresh } = useQuestion();
  const rangeLabel =
    range.kind === 'relative'
      ? RELATIVE_RANGES[range.name].label
      : formatRange(range.from, range.to, zone, now);
  // The zone of a colleague's link should not be overlooked.
  const zoneLabel = zone === LOCAL_ZONE ? '' : zone === 'UTC' ? 'UTC' : formatOffset(now, zone);
  return (
    <section className="range-picker" aria-label="Time range">
      <Popover
        align="end"
        className="button range-button"
        name={`Time range: ${rangeLabel} ${zoneLabel}`.trim()}
        label={
          <>
            <ClockIcon />
            <span className="range-label numbers">{rangeLabel}</span>
            {zoneLabel !== '' && <span className="muted">{zoneLabel}</span>}
            <ChevronDownIcon />
          </>
        }
      >
        {(close) => (
          <div className="range-panel">
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
          </div>
        )}
      </Popover>
    </section>
  );
}
