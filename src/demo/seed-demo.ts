import type { Store } from '../store/store.ts';
import { demoLogs } from './demo-logs.ts';

/** The organization that demo keys belong to. */
export const DEMO = { id: 'demo', plan: 'pro', count: 4_000, days: 14 } as const;
/** In the order in which they are created. */
const ORGANIZATIONS = [{ id: 'demo-free', plan: 'free', count: 1_500, days: 6 }, DEMO] as const;

const BATCH = 1_000;

/**
 * Fills a store without other organizations with demo organizations and logs. Each organization is created after its logs, so if
 * seeding is interrupted, the next call completes it.
 *
 * @returns whether the store has the demo organizations. If false, it has others, and was left unchanged.
 */
export async function seedDemo(store: Store, now: number): Promise<boolean> {
  const existing = (await store.listOrganizations()).map(({ id }) => id);
  const missing = ORGANIZATIONS.filter(({ id }) => !existing.includes(id));
  if (missing.length === 0) return true;
  // DEMO is created last: a store that has it without the other one was not filled by this function.
  const isOther = (id: string) => id === DEMO.id || ORGANIZATIONS.every((one) => one.id !== id);
  if (existing.some(isOther)) return false;
  for (const { id, plan, count, days } of missing) {
    const logs = demoLogs({ organizationId: id, count, days, now });
    for (let i = 0; i < logs.length; i += BATCH) await store.insert(logs.slice(i, i + BATCH));
    await store.createOrganization({ id, plan, createdAt: now });
  }
  return true;
}
