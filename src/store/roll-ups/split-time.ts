import { countBits, withBit } from '../../lib/bits.ts';
import { DAY_MS, HOUR_MS, HOURS_OF_DAY, SECOND_MS } from '../../lib/time-units.ts';
import type { TimeRange } from '../../stats/intervals.ts';

/** The unit of time that dense hours are kept in, in milliseconds. */
export const UNIT_MS = 10 * SECOND_MS;
export const UNITS_OF_HOUR = HOUR_MS / UNIT_MS;

/** What a roll-up holds of an organization. Hours, days and units are numbered since 1970. */
export interface Coverage {
  /** Earlier hours are not held. */
  readonly fromHour: number;
  /** Whether all logs of an hour are in its cells, from `fromHour` on. */
  holdsHour(hour: number): boolean;
  /** Whether an hour is also kept in units. */
  hasUnits(hour: number): boolean;
  /** Whether all logs of a unit are in its cells, if its hour is kept in units. */
  holdsUnit(unit: number): boolean;
}

/** The parts of time that are read from each source. Together they are the given ranges, without overlap. */
export interface SplitTime {
  /** Whole days. */
  readonly days: readonly number[];
  /** By day: a bit for each hour. */
  readonly hours: ReadonlyMap<number, number>;
  readonly units: readonly number[];
  readonly logs: readonly TimeRange[];
}

/**
 * Divides ranges of time by where their logs are read from: from cells where a roll-up holds them, else from the logs.
 *
 * @param ranges in ascending order, without overlap.
 */
export function splitTime(ranges: readonly TimeRange[], coverage: Coverage): SplitTime {
  const days: number[] = [];
  const hours = new Map<number, number>();
  const units: number[] = [];
  const logs: { from: number; to: number }[] = [];
  const fromLogs = (from: number, to: number) => {
    const last = logs.at(-1);
    if (last?.to === from) last.to = to;
    else logs.push({ from, to });
  };
  const start = coverage.fromHour * HOUR_MS;
  for (const { from, to } of ranges) {
    let at = from;
    while (at < to) {
      const end = Math.min(to, start);
      if (at < start) {
        fromLogs(at, end);
        at = end;
        continue;
      }
      const day = Math.floor(at / DAY_MS);
      const hour = Math.floor(at / HOUR_MS);
      if (at === day * DAY_MS && at + DAY_MS <= to && holdsDay(day, coverage)) {
        days.push(day);
        at += DAY_MS;
      } else if (at === hour * HOUR_MS && at + HOUR_MS <= to && coverage.holdsHour(hour)) {
        hours.set(day, withBit(hours.get(day) ?? 0, hour - day * HOURS_OF_DAY));
        at += HOUR_MS;
      } else if (coverage.hasUnits(hour)) {
        const unit = Math.floor(at / UNIT_MS);
        const next = Math.min(to, (unit + 1) * UNIT_MS);
        if (next - at === UNIT_MS && coverage.holdsUnit(unit)) units.push(unit);
        else fromLogs(at, next);
        at = next;
      } else {
        const next = Math.min(to, (hour + 1) * HOUR_MS);
        fromLogs(at, next);
        at = next;
      }
    }
  }
  return { days, hours, units, logs };
}

/** The number of cells of days and hours. @param groups the number of groups by day. */
export function cellsIn({ days, hours }: SplitTime, groups: ReadonlyMap<number, number>): number {
  const ofDays = days.reduce((sum, day) => sum + (groups.get(day) ?? 0), 0);
  return [...hours].reduce((sum, [day, mask]) => sum + (groups.get(day) ?? 0) * countBits(mask), ofDays);
}

function holdsDay(day: number, coverage: Coverage): boolean {
  for (let hour = day * HOURS_OF_DAY; hour < (day + 1) * HOURS_OF_DAY; hour++) {
    if (hour < coverage.fromHour || !coverage.holdsHour(hour)) return false;
  }
  return true;
}
