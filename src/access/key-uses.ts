import { ExpiringMap } from '../lib/expiring-map.ts';
import type { AccessStore, ApiKey } from '../store/store.ts';

/** Minimum time between two recorded uses of a key, in milliseconds. */
const RECORD_INTERVAL_MS = 60_000;
/** Maximum number of keys tracked in memory. Beyond it, uses can be recorded more often. */
const MAX_KEYS = 100_000;

/** Records when API keys are used, at most once a minute per key. Requests do not wait for the store. */
export interface KeyUses {
  /** @param now Unix milliseconds. */
  record(key: Pick<ApiKey, 'id' | 'lastUsedAt'>, now: number): void;
}

/** @param report called if a use could not be recorded. */
export function keyUses(store: Pick<AccessStore, 'recordKeyUse'>, report: (error: unknown) => void): KeyUses {
  /** Time of the last store call by key id, in Unix milliseconds. */
  const lastCall = new ExpiringMap<number>(MAX_KEYS);
  return {
    record({ id, lastUsedAt }, now) {
      if (now - Math.max(lastUsedAt ?? 0, lastCall.get(id) ?? 0) < RECORD_INTERVAL_MS) return;
      lastCall.set(id, now, now + RECORD_INTERVAL_MS, now);
      store.recordKeyUse(id, now).catch(report);
    },
  };
}
