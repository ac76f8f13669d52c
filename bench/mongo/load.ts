import { DAY_MS } from '../../src/lib/time-units.ts';
import { MATCH_ALL } from '../../src/log/filter.ts';
import { MongoStore } from '../../src/store/mongo/store.ts';
import { ROLL_UP_LIMITS } from '../../src/store/roll-ups/declared.ts';
import { logBatches, ORGANIZATION } from '../stats/logs.ts';

export const RANGE = { from: Date.UTC(2026, 9, 1), to: Date.UTC(2026, 9, 11) };
export const SCOPE = { organizationId: ORGANIZATION, visibleFrom: null };

/** A store with this many logs over ten days and their roll-ups. What the database has already is not loaded again. */
export async function loadedStore(url: string, logs: number): Promise<MongoStore> {
  const store = new MongoStore({ url });
  const { count } = await store.count(SCOPE, MATCH_ALL, null);
  if (count < logs) {
    for (const batch of logBatches(logs, RANGE.from, RANGE.to - RANGE.from)) await store.insert(batch);
  }
  // No insert is in flight, so no mark has to be quiet first.
  while (await store.rollUpStep(RANGE.to + DAY_MS, { ...ROLL_UP_LIMITS, quietMs: 0 }));
  return store;
}
