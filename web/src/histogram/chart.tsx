import { type KeyboardEvent, type PointerEvent, Suspense, useState } from 'react';
import { lazyPanel } from '../ui/lazy-panel.tsx';
import { type Bar, barAt } from './bars.ts';
import { BucketTip } from './bucket-tip.tsx';
import { describeBars } from './describe-bars.ts';
import { loadPlot } from './load-plot.ts';
import type { PlotProps } from './plot.tsx';

const Plot = lazyPanel(loadPlot);

/** Bars that PageUp and PageDown move by. */
const PAGE = 10;

interface Props extends PlotProps {
  readonly formatRange: (from: number, to: number) => string;
  /** Zooms to these bars and those between them. */
  readonly onZoom: (one: number, other: number) => void;
}

/** The bar under the pointer or chosen by keys, and the other end of the selection. Indexes of bars. */
interface Cursor {
  readonly at: number;
  readonly anchor: number | null;
  /** Horizontal position of the pointer where a drag began; null if keys moved the cursor. */
  readonly dragX: number | null;
}

/** A drag that is shorter, in pixels, is a click. */
const SHORTEST_DRAG = 4;

/** The chart: a slider over its bars, for the pointer and the keyboard alike. */
export function Chart({ formatRange, onZoom, ...plot }: Props) {
  const { bars } = plot;
  const [cursor, setCursor] = useState<Cursor | null>(null);
  const last = bars.length - 1;
  const start = bars[0]!.from;
  const span = bars[last]!.to - start;
  const at = Math.min(cursor?.at ?? last, last);
  const anchor = cursor?.anchor == null ? null : Math.min(cursor.anchor, last);

  const barUnder = ({ clientX, currentTarget }: PointerEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return barAt(bars, start + ((clientX - left) / width) * span);
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const under = barUnder(event);
    setCursor({ at: under, anchor: under, dragX: event.clientX });
  };
  const onPointerMove = (event: PointerEvent) => {
    const under = barUnder(event);
    const isDrag = event.currentTarget.hasPointerCapture(event.pointerId);
    setCursor((old) => ({ ...(isDrag && old ? old : { anchor: null, dragX: null }), at: under }));
  };
  const onPointerUp = (event: PointerEvent) => {
    const under = barUnder(event);
    const isDrag = cursor?.dragX != null && Math.abs(event.clientX - cursor.dragX) >= SHORTEST_DRAG;
    setCursor({ at: under, anchor: null, dragX: null });
    if (isDrag && anchor !== null) onZoom(anchor, under);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const next = keyTarget(event.key, at, last);
    if (next !== null) {
      setCursor({ at: next, anchor: event.shiftKey ? (anchor ?? at) : null, dragX: null });
    } else if (event.key === 'Enter') {
      setCursor(null);
      onZoom(anchor ?? at, at);
    } else if (event.key === 'Escape' && anchor !== null) {
      setCursor({ at, anchor: null, dragX: null });
    } else return;
    // The keys of the page mean other things.
    event.preventDefault();
    event.stopPropagation();
  };

  const percent = (time: number) => `${((time - start) / span) * 100}%`;
  const box = (one: Bar, other: Bar) => ({
    left: percent(one.from),
    width: percent(start + other.to - one.from),
  });
  const [first, end] = anchor === null ? [at, at] : [Math.min(anchor, at), Math.max(anchor, at)];
  return (
    <div className="histogram-chart">
      <Suspense fallback={<div className="skeleton histogram-plot" />}>
        <Plot {...plot} />
      </Suspense>
      <div
        className="histogram-slider"
        role="slider"
        tabIndex={0}
        aria-label="Requests over time"
        aria-describedby="histogram-help"
        aria-valuemin={1}
        aria-valuemax={last + 1}
        aria-valuenow={at + 1}
        aria-valuetext={describeBars(bars.slice(first, end + 1), formatRange)}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => setCursor(null)}
        // A finger leaves when it taps: its tip stays.
        onPointerLeave={({ pointerType }) => pointerType !== 'touch' && setCursor(null)}
        onKeyDown={onKeyDown}
        onFocus={() => setCursor((old) => old ?? { at: last, anchor: null, dragX: null })}
        onBlur={() => setCursor(null)}
      >
        {cursor !== null && (
          <div
            className={anchor === null ? 'histogram-cursor' : 'histogram-selection'}
            style={box(bars[first]!, bars[end]!)}
          />
        )}
        {cursor !== null && (
          <BucketTip
            bars={bars.slice(first, end + 1)}
            before={plot.before?.slice(first, end + 1) ?? null}
            formatRange={formatRange}
            hint={anchor === null ? null : cursor.dragX === null ? 'Enter zooms in' : 'Release to zoom in'}
            position={(bars[at]!.from + bars[at]!.to - 2 * start) / (2 * span)}
          />
        )}
      </div>
    </div>
  );
}

/** The bar that a key moves to; null if it is no such key. */
function keyTarget(key: string, at: number, last: number): number | null {
  const targets: Record<string, number> = {
    ArrowLeft: at - 1,
    ArrowDown: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at + 1,
    PageDown: at - PAGE,
    PageUp: at + PAGE,
    Home: 0,
    End: last,
  };
  const target = targets[key];
  return target === undefined ? null : Math.max(0, Math.min(last, target));
}
