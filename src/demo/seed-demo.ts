import type { RecordedRequest } from '../log/request-log.ts';
import type { Store } from '../store/store.ts';
import { demoLogs } from './demo-logs.ts';
import { incidentSearches, slowReads } from './incident.ts';

/** The organization that demo keys belong to. */
export const DEMO = {
  id: 'demo',
  plan: 'pro',
  usual: 3_880,
  days: 14,
  searches: 120,
  slowReads: 64,
} as const;
/** In the order in which they are created, with the numbers of usual logs and of those that belong to an incident. */
const ORGANIZATIONS = [
  { id: 'demo-free', plan: 'free', usual: 1_500, days: 6, searches: 0, slowReads: 0 },
  DEMO,
] as const;

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
  for (const organization of missing) {
    const logs = logsOf(organization, now);
    for (let i = 0; i < logs.length; i += BATCH) await store.insert(logs.slice(i, i + BATCH));
    await store.createOrganization({ id: organization.id, plan: organization.plan, createdAt: now });
  }
  return true;
}

function logsOf(organization: (typeof ORGANIZATIONS)[number], now: number): RecordedRequest[] {
  const { id: organizationId, usual, days, searches } = organization;
  return [
    ...demoLogs({ organizationId, count: usual, days, now }),
    ...incidentSearches({ organizationId, count: searches, first: usual, now }),
    ...slowReads({ organizationId, count: organization.slowReads, first: usual + searches, now }),
  ];
}
