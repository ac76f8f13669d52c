import { EARLIEST } from '../time/read-time.ts';
import { type Interval, RELATIVE_RANGES, type RelativeName } from '../time/time-range.ts';
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

/** The shortest relative range that begins before this one; null if there is none. */
export function widerRelative({ from }: Interval, now: number): RelativeName | null {
  const names = Object.keys(RELATIVE_RANGES) as RelativeName[];
  return names.find((name) => now - RELATIVE_RANGES[name].ms < from) ?? null;
}
