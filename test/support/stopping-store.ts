import { vi } from 'vitest';
import { queryTimeout } from '../../src/store/read-budget.ts';
import type { Store } from '../../src/store/store.ts';
import { timeWindow, withinTime } from '../../src/store/time-window.ts';
import { wrapStore } from './wrap-store.ts';

/** How long each query takes, by the clock, in milliseconds. */
const QUERY_MS = 600;

/**
 * A store that can read few logs in the time of a query, so its searches stop. It moves the clock of `performance.now`; restore all
 * mocks at the end.
 *
 * @param readable number of logs that a query can read.
 */
export function stoppingStore(store: Store, readable: number): Store {
  let waited = 0;
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + waited);
  return wrapStore(store, () => undefined, {
    async find(query, options) {
      if (options?.budgetMs === undefined) return store.find(query, options);
      const window = withinTime(timeWindow(query.scope, query.filter));
      const read = await store.find({ ...query, filter: window, limit: readable + 1, fields: [] });
      if (read.length > readable) throw queryTimeout();
      waited += QUERY_MS;
      return store.find(query, options);
    },
    async count(scope, filter, limit, options) {
      const read = await store.count(scope, withinTime(timeWindow(scope, filter)), null);
      if (read.count > readable) throw queryTimeout();
      waited += QUERY_MS;
      return store.count(scope, filter, limit, options);
    },
  });
}
