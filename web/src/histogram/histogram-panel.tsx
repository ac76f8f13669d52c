import { useDeferredValue, useMemo, useState } from 'react';
import { STATUS_CLASSES, type StatusClass } from '../fields/status-class.ts';
import { useQuestion } from '../state/question.tsx';
import { useUrlState } from '../state/url-state.ts';
import { type Interval, RELATIVE_RANGES, widerRelative } from '../time/time-range.ts';
import { TableIcon, ZoomOutIcon } from '../ui/icons.tsx';
import { lazyPart } from '../ui/lazy-part.ts';
import { PanelBoundary } from '../ui/panel-boundary.tsx';
import { StateMessage } from '../ui/state-message.tsx';
import { stack } from './bars.ts';
import { BucketTable } from './bucket-table.tsx';
import { Chart } from './chart.tsx';
import { Figures } from './figures.tsx';
import { Legend, type SeriesName } from './legend.tsx';
import { bucketFormat } from './time-labels.ts';
import { useHistogram } from './use-histogram.ts';
import { zoomIn, zoomOut } from './zoom.ts';

const NewestRequest = lazyPart(() => import('./newest-request.tsx'));

const NONE: ReadonlySet<SeriesName> = new Set();

/** Measures of the question, and their course over time. */
export function HistogramPanel() {
  const [state, setState] = useUrlState();
  const { interval: range, zone, now } = useQuestion();
  const compare = useDeferredValue(state.compare);
  const { bars, interval, measures, relativeError, before, measuresBefore } = useHistogram(compare);
  const [hidden, setHidden] = useState(NONE);
  const [isTable, setTable] = useState(false);

  const names = STATUS_CLASSES.filter(
    (name) => name !== '1xx' || bars.some(({ counts }) => counts[name] > 0),
  );
  const layers = useMemo(
    () => stack(bars, new Set<StatusClass>(STATUS_CLASSES.filter((name) => !hidden.has(name)))),
    [bars, hidden],
  );
  const formatRange = useMemo(() => bucketFormat(interval, zone), [interval, zone]);
  const show = ({ from, to }: Interval) => {
    if (from !== range.from || to !== range.to) setState({ range: { kind: 'absolute', from, to } });
  };
  const toggle = (name: SeriesName) => setHidden((old) => old.symmetricDifference(new Set([name])));

  const wider = widerRelative(range, now);
  return (
    <div className="histogram">
      <div className="histogram-head">
        <Figures measures={measures} before={measuresBefore} relativeError={relativeError} />
        <div className="histogram-controls">
          <label
            className="histogram-compare"
            title="Draws the requests of the period of the same length before"
          >
            <input
              type="checkbox"
              role="switch"
              aria-checked={state.compare}
              checked={state.compare}
              onChange={(event) => setState({ compare: event.target.checked })}
            />
            <span className="switch" />
            Compare with the period before
            {compare && <span className="status-swatch of-before" />}
          </label>
          <button
            type="button"
            className="button quiet icon"
            aria-label="Table"
            title="Show the numbers as a table"
            aria-pressed={isTable}
            onClick={() => setTable(!isTable)}
          >
            <TableIcon />
          </button>
          <button
            type="button"
            className="button quiet icon"
            aria-label="Zoom out"
            title="Zoom out: twice the range of time"
            onClick={() => show(zoomOut(range, now))}
          >
            <ZoomOutIcon />
          </button>
          <Legend interval={interval} names={[...names, 'p95']} hidden={hidden} onToggle={toggle} />
        </div>
      </div>
      {measures.count === 0 ? (
        <div className="histogram-chart">
          <StateMessage
            title="No request in this range"
            actions={
              wider !== null && (
                <button
                  type="button"
                  className="button"
                  onClick={() => setState({ range: { kind: 'relative', name: wider } })}
                >
                  {`Show the ${RELATIVE_RANGES[wider].label.toLowerCase()}`}
                </button>
              )
            }
          >
            <PanelBoundary name={null} fallback={null} resetKey={null}>
              <NewestRequest />
            </PanelBoundary>
          </StateMessage>
        </div>
      ) : isTable ? (
        <BucketTable bars={bars} formatRange={formatRange} />
      ) : (
        <Chart
          bars={bars}
          layers={layers}
          hasP95={!hidden.has('p95')}
          before={before}
          zone={zone}
          formatRange={formatRange}
          onZoom={(one, other) => show(zoomIn(bars, one, other, range))}
        />
      )}
      <p id="histogram-help" className="hidden-label">
        {`${measures.count} requests in ${bars.length} bars by the class of the status code, with the 95th percentile of the duration. `}
        Arrow keys move over the bars, Shift and arrow keys select, Enter zooms to the selection. The table
        has the same numbers.
      </p>
    </div>
  );
}
