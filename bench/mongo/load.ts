import { DAY_MS } from '../../src/lib/time-units.ts';
import { MATCH_ALL } from '../../src/log/filter.ts';
import type { TimeRange } from '../../src/stats/intervals.ts';
import { MONGO_ROLL_UP_LIMITS } from '../../src/store/mongo/stats/limits.ts';
import { MongoStore } from '../../src/store/mongo/store.ts';
import { logBatches, ORGANIZATION } from '../stats/logs.ts';

export const SCOPE = { organizationId: ORGANIZATION, visibleFrom: null };

/** A store with this many logs over a range and their roll-ups. What the database has already is not loaded again. */
export async function loadedStore(url: string, logs: number, { from, to }: TimeRange): Promise<MongoStore> {
  const store = new MongoStore({ url });
  const { count } = await store.count(SCOPE, MATCH_ALL, null);
  if (count < logs) {
    for (const batch of logBatches(logs, from, to - from)) await store.insert(batch);
  }
  // No insert is in flight, so no mark has to be quiet first.
  while (await store.rollUpStep(to + DAY_MS, { ...MONGO_ROLL_UP_LIMITS, quietMs: 0 }));
  return store;
}
