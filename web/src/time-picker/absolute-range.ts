import type { Interval } from '../time/time-range.ts';
import { localTimeOf, momentsOf } from '../time/zone.ts';

/** Two times as they are typed: values of `datetime-local` inputs. */
export interface TypedRange {
  readonly from: string;
  readonly to: string;
}

export type RangeErrors = { readonly [Name in keyof TypedRange]?: string };

export const typedRangeOf = ({ from, to }: Interval, zone: string): TypedRange => ({
  from: localTimeOf(from, zone),
  to: localTimeOf(to, zone),
});

/**
 * The range that two typed times stand for, or what is wrong with them. A time that the clock shows twice starts a range the
 * first time and ends it the second time.
 *
 * @param initial the range that was shown before; a time that was not changed keeps its seconds.
 */
export function readRange(typed: TypedRange, initial: Interval, zone: string): Interval | RangeErrors {
  const shown = typedRangeOf(initial, zone);
  const from = typed.from === shown.from ? initial.from : momentsOf(typed.from, zone)[0];
  const to = typed.to === shown.to ? initial.to : momentsOf(typed.to, zone).at(-1);
  if (from === undefined || to === undefined) {
    return {
      ...(from === undefined && { from: missing(typed.from, zone) }),
      ...(to === undefined && { to: missing(typed.to, zone) }),
    };
  }
  if (from < to) return { from, to };
  return { to: from === to ? 'The end must be after the start.' : 'The end is before the start.' };
}

const missing = (local: string, zone: string) =>
  momentsOf(local, 'UTC').length === 0
    ? 'Enter a date and a time.'
    : `This time does not exist in ${zone}: the clocks are set forward over it.`;
