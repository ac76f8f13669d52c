import { newApiKey } from '../access/api-key.ts';
import { SCOPE_NAMES } from '../access/scopes.ts';
import type { Store } from '../store/store.ts';
import { demoLogs } from './demo-logs.ts';

/** Two organizations on different plans. The demo key belongs to the first. */
const ORGANIZATIONS = [
  { id: 'demo', plan: 'pro', count: 4_000, days: 14 },
  { id: 'demo-free', plan: 'free', count: 1_500, days: 6 },
] as const;

const BATCH = 1_000;

/**
 * Fills an empty store with demo organizations and logs. Organizations are created last, so if seeding is interrupted,
 * the next start repeats it.
 *
 * @returns an API key of the first demo organization; null if the store already has organizations, and was left unchanged.
 */
export async function seedDemo(
  store: Store,
  now: number,
): Promise<{ organizationId: string; key: string } | null> {
  if ((await store.listOrganizations()).length > 0) return null;
  const [first] = ORGANIZATIONS;
  for (const { id, count, days } of ORGANIZATIONS) {
    const logs = demoLogs({ organizationId: id, count, days, now });
    for (let i = 0; i < logs.length; i += BATCH) await store.insert(logs.slice(i, i + BATCH));
  }
  for (const { id, plan } of ORGANIZATIONS) await store.createOrganization({ id, plan, createdAt: now });
  const { key, record } = newApiKey({ organizationId: first.id, scopes: SCOPE_NAMES }, now);
  await store.createKey(record);
  return { organizationId: first.id, key };
}
