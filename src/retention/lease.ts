import { randomUUID } from 'node:crypto';
import type { Store } from '../store/store.ts';

/** How long a process that died keeps others away, in milliseconds; a live one renews its lease well before. */
export const LEASE_MS = 60_000;

/** Renews the lease; false if another process has it by now. */
export type Hold = () => Promise<boolean>;

/**
 * Does some work that only one process at a time may do, over all that share the store.
 *
 * @param now Unix milliseconds.
 * @param work calls `hold` more often than every `LEASE_MS`, and ends if that gives false.
 * @returns null if another process is at it; nothing was done then.
 */
export async function underLease<T>(
  store: Pick<Store, 'lease'>,
  name: string,
  now: () => number,
  work: (hold: Hold) => Promise<T>,
): Promise<T | null> {
  const holder = randomUUID();
  let renewedAt = -Infinity;
  const hold = async () => {
    const at = now();
    if (at - renewedAt < LEASE_MS / 4) return true;
    const held = await store.lease(name, holder, at + LEASE_MS, at);
    if (held) renewedAt = at;
    return held;
  };
  if (!(await hold())) return null;
  try {
    return await work(hold);
  } finally {
    await store.lease(name, holder, now(), now());
  }
}
