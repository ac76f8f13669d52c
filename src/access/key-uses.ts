import { ExpiringMap } from '../lib/expiring-map.ts';
import type { AccessStore, ApiKey } from '../store/store.ts';

/** A key's last use is kept to this many milliseconds. */
const GRAIN_MS = 60_000;
/** Keys that are remembered at most; those past it are noted more often. */
const MAX_KEYS = 100_000;

/** Notes when keys are used, at most once a minute for each, without holding anybody up. */
export interface KeyUses {
  /** @param now Unix milliseconds. */
  note(key: Pick<ApiKey, 'id' | 'lastUsedAt'>, now: number): void;
}

/** @param report is called where a use could not be noted. */
export function keyUses(store: Pick<AccessStore, 'recordKeyUse'>, report: (error: unknown) => void): KeyUses {
  /** When the store was last told, or could not be told, by the id of the key. */
  const told = new ExpiringMap<number>(MAX_KEYS);
  return {
    note({ id, lastUsedAt }, now) {
      if (now - Math.max(lastUsedAt ?? 0, told.get(id) ?? 0) < GRAIN_MS) return;
      told.set(id, now, now + GRAIN_MS, now);
      store.recordKeyUse(id, now).catch(report);
    },
  };
}
