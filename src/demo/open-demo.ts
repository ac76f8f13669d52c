import { newApiKey } from '../access/api-key.ts';
import { SCOPE_NAMES } from '../access/scopes.ts';
import { isLoopback } from '../lib/loopback.ts';
import { HOUR_MS } from '../lib/time-units.ts';
import type { Store } from '../store/store.ts';
import { DEMO, seedDemo } from './seed-demo.ts';

const KEY_MS = 24 * HOUR_MS;

/** A demo key, or the reason why there is none, in a full sentence. */
export type Demo =
  | { readonly organizationId: string; readonly key: string; readonly expiresAt: number }
  | { readonly reason: string };

/**
 * Creates demo logs if the store is empty, and a key with every scope that expires after 24 hours. Deletes the expired keys of
 * earlier starts. There is a key only if no other machine can reach the server.
 *
 * @param address the IP address that the server is bound to.
 * @param now Unix milliseconds.
 */
export async function openDemo(store: Store, address: string, now: number): Promise<Demo> {
  if (!(await seedDemo(store, now))) {
    return { reason: 'There are no demo logs, because the store has other organizations.' };
  }
  await store.deleteExpiredKeys(DEMO.id, now);
  if (!isLoopback(address)) {
    return {
      reason: `There is no demo key, because other machines may reach the address ${address}. The demo logs belong to the organization ${DEMO.id}.`,
    };
  }
  const expiresAt = now + KEY_MS;
  const { key, record } = newApiKey({ organizationId: DEMO.id, scopes: SCOPE_NAMES, expiresAt }, now);
  await store.createKey(record);
  return { organizationId: DEMO.id, key, expiresAt };
}
