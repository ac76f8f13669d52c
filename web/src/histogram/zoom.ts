import { EARLIEST } from '../time/read-time.ts';
import type { Interval } from '../time/time-range.ts';
import type { Bar } from './bars.ts';

/** The part of the range that two bars and those between them stand for. */
export function zoomIn(bars: readonly Bar[], one: number, other: number, range: Interval): Interval {
  return {
    from: Math.max(range.from, bars[Math.min(one, other)]!.from),
    to: Math.min(range.to, bars[Math.max(one, other)]!.to),
  };
}

/** The range of double length around the same middle, but not beyond `now` and `EARLIEST`. All in Unix milliseconds. */
export function zoomOut({ from, to }: Interval, now: number): Interval {
  const span = to - from;
  const end = Math.max(to, Math.min(now, to + span / 2));
  return { from: Math.max(EARLIEST, Math.round(end - 2 * span)), to: Math.round(end) };
}
