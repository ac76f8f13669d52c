import type { Document } from 'mongodb';
import { HOUR_MS } from '../../../lib/time-units.ts';
import type { TimeRange } from '../../../stats/intervals.ts';

/** Ranges of time in ascending order, without overlap; at least one. Those between which there is a gap end and begin with an hour. */
export type RangeSet = readonly [TimeRange, ...TimeRange[]];

/** The time from the first range of a set to its last, in proportion to the time that the ranges cover, at most. */
const MAX_SPAN = 3;

/**
 * Divides ranges into sets whose logs are read by one aggregate each. It reads the logs between the ranges too and leaves them out,
 * which is cheaper than one aggregate for each range if the gaps are short: on DocumentDB an aggregate takes as long as hundreds of logs.
 *
 * @param ranges in ascending order, without overlap.
 */
export function rangeSets(ranges: readonly TimeRange[]): RangeSet[] {
  const sets: [TimeRange, ...TimeRange[]][] = [];
  let covered = 0;
  for (const range of ranges) {
    const set = sets.at(-1);
    const length = range.to - range.from;
    const last = set?.at(-1);
    const isOfHours = last !== undefined && last.to % HOUR_MS === 0 && range.from % HOUR_MS === 0;
    if (set !== undefined && isOfHours && range.to - set[0].from <= MAX_SPAN * (covered + length)) {
      set.push(range);
      covered += length;
    } else {
      sets.push([range]);
      covered = length;
    }
  }
  return sets;
}

/** The time from the first range of a set to its last. */
export function spanOf(set: RangeSet): TimeRange {
  return { from: set[0].from, to: set.at(-1)!.to };
}

/**
 * The stages that leave out the logs between the ranges of a set, of those in its span. A text has a character for each hour, because
 * DocumentDB compares a log with one range after another of an `$or`, and reads a list anew for each log.
 */
export function withoutGaps(set: RangeSet): Document[] {
  if (set.length === 1) return [];
  const hourOf = (time: number) => Math.floor(time / HOUR_MS);
  const first = hourOf(set[0].from);
  let hours = '';
  for (const { from, to } of set) {
    hours = hours.padEnd(hourOf(from) - first, '0').padEnd(Math.ceil(to / HOUR_MS) - first, '1');
  }
  const sinceFirst = { $subtract: ['$createdAt', new Date(first * HOUR_MS)] };
  const hour = { $toInt: { $floor: { $divide: [sinceFirst, HOUR_MS] } } };
  return [{ $match: { $expr: { $eq: [{ $substrBytes: [hours, hour, 1] }, '1'] } } }];
}
