import { RelaylogError } from '../log/errors.ts';
import { allOf, type Filter } from '../log/filter.ts';
import type { LogScope } from '../log/query.ts';
import { allMeasures } from '../stats/answer.ts';
import { checkedPart } from '../stats/question.ts';
import { isTimeout, SEARCH_LIMITS, type SearchLimits } from './search-limits.ts';
import type { LogCount, LogStore } from './store.ts';
import { edgesOf, TimeSlices } from './time-slices.ts';
import { withinTime } from './time-window.ts';

/**
 * Counts like `LogStore.count`, but returns what it has counted when its time is up: a lower bound that is not exact.
 *
 * @throws RelaylogError as `LogStore.count`; QUERY_TIMEOUT only if the logs of one millisecond take longer than the store allows.
 */
export async function countWithin(
  store: Pick<LogStore, 'find' | 'count'>,
  scope: LogScope,
  filter: Filter,
  limit: number,
  limits: SearchLimits = SEARCH_LIMITS,
): Promise<LogCount> {
  try {
    return await store.count(scope, filter, limit, { budgetMs: limits.attemptMs });
  } catch (error) {
    if (!isTimeout(error)) throw error;
  }
  const until = performance.now() + limits.slicesMs;
  const times = await edgesOf(store, scope, filter);
  if (times === null) return { count: 0, exact: true };
  const slices = new TimeSlices('desc', times);
  let sum = 0;
  let isShortest = false;
  for (let to = times.to; ; ) {
    const end = slices.end();
    const from = end?.createdAt ?? times.from;
    const start = performance.now();
    try {
      const inSlice = allOf([filter, withinTime({ from, to })]);
      const { count, exact } = await store.count(scope, inSlice, limit - sum, {
        budgetMs: isShortest ? undefined : limits.sliceMs,
      });
      sum += count;
      if (!exact) return { count: limit, exact: false };
    } catch (error) {
      if (!isTimeout(error) || isShortest) throw error;
      isShortest = !slices.shorten();
      continue;
    }
    if (end === null) return { count: sum, exact: true };
    to = from;
    const now = performance.now();
    if (now >= until) return { count: sum, exact: false };
    isShortest = false;
    slices.advance((now - start) / limits.sliceMs);
  }
}

const ALL = checkedPart({ groups: null, buckets: null });
/** With more logs to read, a count by an index is at most a few times slower. */
const MAX_LOGS = 50_000;

/** Counts all matching logs: from the roll-ups, if they leave few logs to read. */
export async function countExactly(
  store: Pick<LogStore, 'count' | 'stats' | 'statsWork'>,
  scope: LogScope,
  filter: Filter,
): Promise<number> {
  if (await isRolledUp(store, scope, filter)) {
    const [answer] = await store.stats(scope, filter, [ALL]);
    return allMeasures(answer!).count;
  }
  return (await store.count(scope, filter, null)).count;
}

async function isRolledUp(
  store: Pick<LogStore, 'statsWork'>,
  scope: LogScope,
  filter: Filter,
): Promise<boolean> {
  try {
    return (await store.statsWork(scope, filter, [ALL])).logs <= MAX_LOGS;
  } catch (error) {
    // No roll-up holds the answer, or not yet.
    if (error instanceof RelaylogError && (error.code === 'BAD_USER_INPUT' || error.code === 'UNAVAILABLE'))
      return false;
    throw error;
  }
}
