import { fieldOf } from '../log/fields.ts';
import { lowestIdAt } from '../log/log-id.ts';
import type { LogQuery, PageBound } from '../log/query.ts';
import type { RequestLog } from '../log/request-log.ts';
import type { Direction, SortField } from '../log/sort.ts';
import type { TimeRange } from '../stats/intervals.ts';
import { isTimeout, SEARCH_LIMITS, type SearchLimits } from './search-limits.ts';
import type { LogStore } from './store.ts';
import { edgesOf, QUICK, type Slices, TimeSlices } from './time-slices.ts';

/** The logs that a search found. */
export interface FoundLogs {
  readonly logs: readonly RequestLog[];
  /**
   * Where the search stopped because its time was up: all matching logs before this position, in the order of the query, were found.
   * Null if the page is full or there are no more logs.
   */
  readonly stoppedAt: PageBound | null;
}

/**
 * Finds the logs of a page like `LogStore.find`, but returns what it has found when its time is up. A search that takes too long as one
 * query is repeated in slices of its order, which are made longer or shorter by the time that they take.
 *
 * @throws RelaylogError as `LogStore.find`; QUERY_TIMEOUT only if the logs of one millisecond take longer than the store allows.
 */
export async function findWithin(
  store: Pick<LogStore, 'find'>,
  query: LogQuery,
  limits: SearchLimits = SEARCH_LIMITS,
): Promise<FoundLogs> {
  try {
    const logs = await store.find(query, { budgetMs: limits.attemptMs });
    return { logs, stoppedAt: null };
  } catch (error) {
    if (!isTimeout(error)) throw error;
  }
  const until = performance.now() + limits.slicesMs;
  const slices = await slicesOf(store, query);
  if (slices === null) return { logs: [], stoppedAt: null };
  const logs: RequestLog[] = [];
  let isShortest = false;
  for (let after = query.after; ; ) {
    const end = slices.end();
    const isLast = end === null || isBeyond(query, end);
    const before = isLast ? query.before : end;
    const limit = query.limit - logs.length;
    const start = performance.now();
    try {
      // What cannot be made shorter has the store's own time limit.
      logs.push(
        ...(await store.find(
          { ...query, after, before, limit },
          { budgetMs: isShortest ? undefined : limits.sliceMs },
        )),
      );
    } catch (error) {
      if (!isTimeout(error) || isShortest) throw error;
      isShortest = !slices.shorten();
      continue;
    }
    if (logs.length === query.limit || isLast) return { logs, stoppedAt: null };
    after = before;
    const now = performance.now();
    if (now >= until) return { logs, stoppedAt: before! };
    isShortest = false;
    slices.advance((now - start) / limits.sliceMs);
  }
}

/** Whether a position is at or after the end of the query. */
function isBeyond({ before, direction }: LogQuery, { sortValue, createdAt }: PageBound): boolean {
  if (before === undefined) return false;
  const difference = before.sortValue - sortValue || before.createdAt - createdAt;
  return direction === 'asc' ? difference <= 0 : difference >= 0;
}

async function slicesOf(
  store: Pick<LogStore, 'find'>,
  { scope, filter, sort, direction, after }: LogQuery,
): Promise<Slices | null> {
  const times = await edgesOf(store, scope, filter);
  if (times === null) return null;
  if (sort === 'createdAt') return new TimeSlices(direction, times, after);
  return new KeySlices(sort, direction, times, after);
}

/** Slices by sort key: from each key to half or twice of it; a key that takes too long, by time. */
class KeySlices implements Slices {
  readonly #direction: Direction;
  readonly #times: TimeRange;
  readonly #min: number;
  readonly #max: number;
  /** The first key of the slice. */
  #key: number;
  /** The number of keys. */
  #length: number;
  /** The slices of the first key. */
  #ties: TimeSlices | null = null;
  #tiesAfter: PageBound | undefined;

  constructor(sort: SortField, direction: Direction, times: TimeRange, after: PageBound | undefined) {
    const { nullSortKey, min = 0, max = MAX_KEY } = fieldOf(sort);
    this.#direction = direction;
    this.#times = times;
    this.#min = nullSortKey ?? min;
    this.#max = max;
    this.#key = after?.sortValue ?? (direction === 'asc' ? this.#min : this.#max);
    // In descending order, no log with this key follows a position at the beginning of time.
    if (direction === 'desc' && after?.createdAt === 0) this.#key--;
    else this.#tiesAfter = after;
    this.#length = this.#lengthFrom(this.#key);
  }

  end(): PageBound | null {
    if (this.#ties !== null) {
      const end = this.#ties.end();
      if (end !== null) return end;
    }
    const length = this.#ties === null ? this.#length : 1;
    // Keys from the boundary on are on one side of it, those below it on the other.
    const boundary = this.#direction === 'asc' ? this.#key + length : this.#key - length + 1;
    const isLast = this.#direction === 'asc' ? boundary > this.#max : boundary <= this.#min;
    return isLast ? null : { sortValue: boundary, createdAt: 0, id: lowestIdAt(0) };
  }

  advance(spent: number): void {
    if (this.#ties?.end() != null) {
      this.#ties.advance(spent);
      return;
    }
    const length = this.#ties === null ? this.#length : 1;
    this.#key += this.#direction === 'asc' ? length : -length;
    this.#ties = null;
    this.#tiesAfter = undefined;
    this.#length =
      spent < QUICK ? this.#lengthFrom(this.#key) : Math.min(length, this.#lengthFrom(this.#key));
  }

  shorten(): boolean {
    if (this.#ties !== null) return this.#ties.shorten();
    if (this.#length > 1) {
      this.#length = Math.floor(this.#length / 2);
      return true;
    }
    this.#ties = new TimeSlices(this.#direction, this.#times, this.#tiesAfter, this.#key);
    return true;
  }

  #lengthFrom(key: number): number {
    return Math.max(1, this.#direction === 'asc' ? Math.abs(key) : Math.ceil(key / 2));
  }
}

const MAX_KEY = 2 ** 31 - 1;
