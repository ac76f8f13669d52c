import { HOUR_MS } from '../lib/time-units.ts';
import type { Filter } from '../log/filter.ts';
import { lowestIdAt } from '../log/log-id.ts';
import type { LogScope, PageBound } from '../log/query.ts';
import type { Direction } from '../log/sort.ts';
import type { TimeRange } from '../stats/intervals.ts';
import type { LogStore } from './store.ts';
import { timeWindow, withinTime } from './time-window.ts';

/** The slices of an order, one after the other. */
export interface Slices {
  /** Where the slice ends; null if it contains the last log. No log has this position. */
  end(): PageBound | null;
  /** Goes on to the next slice. @param spent the share of its time that this slice took. */
  advance(spent: number): void;
  /** Makes the slice shorter. Returns false if that is not possible. */
  shorten(): boolean;
}

/** The time from the oldest to the newest log that a filter's bounds on `createdAt` leave; null if there is none. */
export async function edgesOf(
  store: Pick<LogStore, 'find'>,
  scope: LogScope,
  filter: Filter,
): Promise<TimeRange | null> {
  const within = withinTime(timeWindow(scope, filter));
  const edge = async (direction: Direction) => {
    const [log] = await store.find({
      scope,
      filter: within,
      sort: 'createdAt',
      direction,
      limit: 1,
      fields: [],
    });
    return log?.createdAt;
  };
  const [oldest, newest] = await Promise.all([edge('asc'), edge('desc')]);
  return oldest === undefined || newest === undefined ? null : { from: oldest, to: newest + 1 };
}

/** The length of the first slice. */
const FIRST_MS = HOUR_MS;
/** A slice that took less than this share of its time is followed by a longer one. */
export const QUICK = 0.25;
const GROWTH = 4;

/** Where slices after a position begin: in descending order, at the end of its millisecond, if logs of it can follow. */
function firstAfter({ createdAt, id }: PageBound, direction: Direction): number {
  return direction === 'asc' || id === lowestIdAt(createdAt) ? createdAt : createdAt + 1;
}

/** Slices by time. `sortValue` is the sort key of all logs in them, if that is not the time. */
export class TimeSlices implements Slices {
  readonly #sign: 1 | -1;
  readonly #last: number;
  readonly #sortValue: number | undefined;
  #at: number;
  #length = FIRST_MS;

  constructor(direction: Direction, { from, to }: TimeRange, after?: PageBound, sortValue?: number) {
    this.#sign = direction === 'asc' ? 1 : -1;
    this.#last = direction === 'asc' ? to : from;
    const start = after === undefined ? from + to - this.#last : firstAfter(after, direction);
    this.#at = Math.min(Math.max(start, from), to);
    this.#sortValue = sortValue;
  }

  end(): PageBound | null {
    const end = this.#at + this.#sign * this.#length;
    if ((this.#last - end) * this.#sign <= 0) return null;
    return { sortValue: this.#sortValue ?? end, createdAt: end, id: lowestIdAt(end) };
  }

  advance(spent: number): void {
    this.#at += this.#sign * this.#length;
    if (spent < QUICK) this.#length *= GROWTH;
  }

  shorten(): boolean {
    // The last slice is shorter.
    const length = Math.min(this.#length, (this.#last - this.#at) * this.#sign);
    if (length <= 1) return false;
    this.#length = Math.max(1, Math.floor(length / (2 * GROWTH)));
    return true;
  }
}
