import { randomUUID } from 'node:crypto';
import type { Store } from '../store/store.ts';

/** Duration of a lease in milliseconds. If its holder dies, other processes wait this long; a live one renews it earlier. */
export const LEASE_MS = 60_000;

/** Renews the lease if it is due. Returns false if another process holds the lease. */
export type RenewLease = () => Promise<boolean>;

/**
 * Runs work that only one process at a time may do, of all processes that share the store.
 *
 * @param now returns the time in Unix milliseconds.
 * @param work must call `renew` at least every `LEASE_MS`, and end when `renew` returns false.
 * @returns the result of `work`; null if another process holds the lease, in which case `work` is not called.
 */
export async function withLease<T>(
  store: Pick<Store, 'lease'>,
  name: string,
  now: () => number,
  work: (renew: RenewLease) => Promise<T>,
): Promise<T | null> {
  const holder = randomUUID();
  let renewedAt = -Infinity;
  const renew = async () => {
    const at = now();
    if (at - renewedAt < LEASE_MS / 4) return true;
    const held = await store.lease(name, holder, at + LEASE_MS, at);
    if (held) renewedAt = at;
    return held;
  };
  if (!(await renew())) return null;
  try {
    return await work(renew);
  } finally {
    await store.lease(name, holder, now(), now());
  }
}
