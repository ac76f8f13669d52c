import { USAGE_FIELDS } from '../../usage/usage.ts';
import { oldestQuery } from '../oldest-query.ts';
import { MONGO_PATHS } from './access-paths.ts';
import type { Connection } from './connection.ts';
import { logFromDocument } from './documents.ts';
import { isDuplicate } from './errors.ts';
import { type Find, pageSteps } from './query/page.ts';
import { deleteCounted } from './usage/deletion.ts';
import { deletedLog } from './usage/documents.ts';

/** See `deleteCounted`. */
export async function deleteBefore(
  on: Connection,
  organizationId: string,
  createdAt: number,
  limit: number,
): Promise<number> {
  const query = oldestQuery(organizationId, createdAt, limit);
  const [[find]] = pageSteps(query, MONGO_PATHS.planPage(query), [[]]) as [[Find]];
  const { filter, ...options } = find;
  const projection = Object.fromEntries(USAGE_FIELDS.map((name) => [name, 1]));
  const deleted = await deleteCounted(on, organizationId, async () => {
    const oldest = await on.logs
      .find(filter, { ...on.budget(), ...options, projection, readPreference: 'primary' })
      .toArray();
    return oldest.length === 0 ? null : { logs: oldest.map(logFromDocument).map(deletedLog), entries: [] };
  });
  return deleted?.logs.length ?? 0;
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
