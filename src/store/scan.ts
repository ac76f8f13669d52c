import { MATCH_ALL } from '../log/filter.ts';
import type { LogScope, PageBound } from '../log/query.ts';
import type { RecordedRequest } from '../log/request-log.ts';
import { positionOf } from '../log/sort.ts';
import type { Store } from './store.ts';

/** Logs whose payloads are in memory at once. With the default limit, their bodies have up to 32 MB. */
const PAYLOADS = 250;

/**
 * Yields all logs of an organization with their payloads in batches, oldest first.
 *
 * @param start the position to start from; undefined starts with the oldest log.
 * @param limit number of logs per read, and the most per batch.
 */
export async function* batchesOf(
  store: Store,
  organizationId: string,
  start: PageBound | undefined,
  limit: number,
): AsyncGenerator<RecordedRequest[]> {
  const scope: LogScope = { organizationId, visibleFrom: null };
  const query = { scope, filter: MATCH_ALL, sort: 'createdAt', direction: 'asc', limit } as const;
  for (let after = start; ; ) {
    const logs = await store.find({ ...query, after });
    if (logs.length === 0) return;
    for (let first = 0; first < logs.length; first += PAYLOADS) {
      const batch = logs.slice(first, first + PAYLOADS);
      const payloads = await store.payloads(
        scope,
        batch.map((log) => log.id),
      );
      yield batch.map((log, i) => ({ log, payload: payloads[i]! }));
    }
    after = positionOf(logs.at(-1)!, 'createdAt');
  }
}
