import { planPage } from '../access-path.ts';
import { oldestQuery } from '../oldest-query.ts';
import type { Connection } from './connection.ts';
import { isDuplicate } from './errors.ts';
import { type Find, pageSteps } from './query/page.ts';

/**
 * Deletes the payloads first. If the call fails midway, their logs still exist, outside of the visible window, and the next
 * call deletes them.
 */
export async function deleteBefore(
  { logs, payloads, budget }: Connection,
  organizationId: string,
  createdAt: number,
  limit: number,
): Promise<number> {
  const query = oldestQuery(organizationId, createdAt, limit);
  const [[find]] = pageSteps(query, planPage(query), null) as [[Find]];
  const { filter, ...options } = find;
  const oldest = await logs
    .find(filter, { ...budget(), ...options, projection: { _id: 1 }, readPreference: 'primary' })
    .toArray();
  if (oldest.length === 0) return 0;
  const these = { _id: { $in: oldest.map(({ _id }) => _id) }, organizationId };
  await payloads.deleteMany(these);
  return (await logs.deleteMany(these)).deletedCount;
}

export async function lease(
  { leases }: Connection,
  name: string,
  holder: string,
  until: number,
  now: number,
): Promise<boolean> {
  const free = { _id: name, $or: [{ holder }, { until: { $lte: new Date(now) } }] };
  try {
    await leases.updateOne(free, { $set: { holder, until: new Date(until) } }, { upsert: true });
    return true;
  } catch (error) {
    // The lease exists but did not match: another holder has it.
    if (isDuplicate(error)) return false;
    throw error;
  }
}
