import { MATCH_ALL } from '../log/filter.ts';
import type { LogScope, PageBound } from '../log/query.ts';
import type { RecordedRequest } from '../log/request-log.ts';
import { positionOf } from '../log/sort.ts';
import type { Store } from './store.ts';

/**
 * Yields all logs of an organization with their payloads in batches, oldest first.
 *
 * @param start the position to start from; undefined starts with the oldest log.
 * @param limit number of logs per batch.
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
    const payloads = await store.payloads(
      scope,
      logs.map((log) => log.id),
    );
    yield logs.map((log, i) => ({ log, payload: payloads[i]! }));
    after = positionOf(logs.at(-1)!, 'createdAt');
  }
}
