import './time-picker.css';
import { useQuestion } from '../state/question.tsx';
import { useUrlState } from '../state/url-state.ts';
import { formatRange, LOCAL_ZONE } from '../time/format.ts';
import { RELATIVE_RANGES } from '../time/time-range.ts';
import { formatOffset } from '../time/zone.ts';
import { ChevronDownIcon, ClockIcon } from '../ui/icons.tsx';
import { lazyPanel } from '../ui/lazy-panel.tsx';
import { PanelBoundary } from '../ui/panel-boundary.tsx';
import { Popover } from '../ui/popover.tsx';

const RangePanel = lazyPanel(async () => (await import('./range-panel.tsx')).RangePanel);

/** The range of time and the time zone. */
export function TimePicker() {
  const [{ range }] = useUrlState();
  const { zone, now } = useQuestion();
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
          // The panel has its width before its content is loaded, so that it is placed well.
          <div className="range-panel">
            <PanelBoundary name="The choice of ranges" fallback={null} resetKey={null}>
              <RangePanel close={close} />
            </PanelBoundary>
          </div>
        )}
      </Popover>
    </section>
  );
}
