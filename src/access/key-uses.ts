import { ExpiringMap } from '../lib/expiring-map.ts';
import type { AccessStore, ApiKey } from '../store/store.ts';

/** A key's last use is kept to this many milliseconds. */
const GRAIN_MS = 60_000;
/** Keys that are remembered at most; those past it are recorded more often. */
const MAX_KEYS = 100_000;

/** Records when keys are used, at most once a minute for each; no request waits for it. */
export interface KeyUses {
  /** @param now Unix milliseconds. */
  record(key: Pick<ApiKey, 'id' | 'lastUsedAt'>, now: number): void;
}

/** @param report called if a use could not be recorded. */
export function keyUses(store: Pick<AccessStore, 'recordKeyUse'>, report: (error: unknown) => void): KeyUses {
  /** When the store was last called, by the id of the key. */
  const lastCall = new ExpiringMap<number>(MAX_KEYS);
  return {
    record({ id, lastUsedAt }, now) {
      if (now - Math.max(lastUsedAt ?? 0, lastCall.get(id) ?? 0) < GRAIN_MS) return;
      lastCall.set(id, now, now + GRAIN_MS, now);
      store.recordKeyUse(id, now).catch(report);
    },
  };
}
