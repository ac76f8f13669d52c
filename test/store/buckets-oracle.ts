import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/lib/time-units.ts';
import type { IntervalName } from '../../src/stats/intervals.ts';

/*
 * The reference implementation of time buckets: looks at the clock of the zone again and again, as `Intl` shows it. For
 * zones and years whose offsets are whole minutes, as all are since 1972.
 */

const known = new Map<string, readonly number[]>();

/** The starts of the buckets that contain a time from `from` to before `to`, and the end of the last one. */
export function expectedBounds(
  from: number,
  to: number,
  interval: IntervalName,
  zone: string,
): readonly number[] {
  const question = JSON.stringify([from, to, interval, zone]);
  const bounds = known.get(question) ?? boundsOf(from, to, interval, zone);
  if (known.size === MOST_KNOWN) known.clear();
  known.set(question, bounds);
  return bounds;
}
/** A test asks the same again and again, about other logs. */
const MOST_KNOWN = 1_000;

function boundsOf(from: number, to: number, interval: IntervalName, zone: string): number[] {
  const { isNext, label, lookBack } = RULES[interval];
  const clock = clockOf(zone);
  const step = interval === 'MINUTE' || interval === 'FIVE_MINUTES' ? MINUTE_MS : 15 * MINUTE_MS;
  const begin = Math.floor((from - lookBack) / step) * step;
  const starts: number[] = [];
  let current = label(begin, clock(begin));
  for (let time = begin; starts.length === 0 || starts.at(-1)! < to; time += step) {
    if (!isNext(label(time, clock(time)), current)) continue;
    // The bucket began within the step before.
    let start = time;
    while (isNext(label(start - MINUTE_MS, clock(start - MINUTE_MS)), current)) start -= MINUTE_MS;
    current = label(start, clock(start));
    starts.push(start);
  }
  return starts.slice(starts.findLastIndex((start) => start <= from));
}

interface Rule {
  /** Names the bucket of a time, from what the clock shows: Unix milliseconds if the zone were UTC. */
  readonly label: (time: number, shown: number) => number;
  readonly isNext: (label: number, current: number) => boolean;
  /** At least the length of a bucket. */
  readonly lookBack: number;
}

/** A bucket begins when the clock reaches a multiple of the size, or when it is changed. */
function byClock(size: number): Rule {
  return {
    // Both parts as one number.
    label: (time, shown) => Math.floor(shown / size) * 1e6 + (shown - time) / MINUTE_MS,
    isNext: (label, current) => label !== current,
    lookBack: 3 * HOUR_MS,
  };
}

/** A day begins when the clock first shows its date, even if the clock is then set back to the day before. */
function byDate(firstDay: (shown: Date) => number): Rule {
  return {
    label: (_time, shown) => firstDay(new Date(shown)),
    isNext: (label, current) => label > current,
    lookBack: 33 * DAY_MS,
  };
}

const RULES: Readonly<Record<IntervalName, Rule>> = {
  MINUTE: byClock(MINUTE_MS),
  FIVE_MINUTES: byClock(5 * MINUTE_MS),
  FIFTEEN_MINUTES: byClock(15 * MINUTE_MS),
  HOUR: byClock(HOUR_MS),
  DAY: byDate((shown) => shown.setUTCHours(0, 0, 0, 0)),
  WEEK: byDate((shown) => shown.setUTCHours(0, 0, 0, 0) - ((shown.getUTCDay() + 6) % 7) * DAY_MS),
  MONTH: byDate((shown) => Date.UTC(shown.getUTCFullYear(), shown.getUTCMonth())),
};

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What the clock of a zone shows, as the Unix milliseconds at which a clock of UTC shows it. */
function clockOf(zone: string): (time: number) => number {
  const format =
    clocks.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  clocks.set(zone, format);
  return (time) => {
    const [, month, day, year, hour, minute] = /(\d+)\/(\d+)\/(\d+), (\d+):(\d+)/.exec(format.format(time))!;
    return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  };
}
