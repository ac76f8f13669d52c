import type { Store } from '../../src/store/store.ts';
import { HAND_WRITTEN, ORGANIZATION, PAGE_ROWS, STORE_CALLS } from './requests.ts';

/** The response body for a path of `REQUESTS`: one store call and one JSON.stringify. */
export async function handWrittenAnswer(store: Pick<Store, 'find'>, path: string): Promise<string> {
  const { fields, filter } = STORE_CALLS[path]!;
  const logs = await store.find({
    scope: { organizationId: ORGANIZATION, visibleFrom: null },
    filter: filter(Date.now()),
    sort: 'createdAt',
    direction: 'desc',
    limit: PAGE_ROWS + 1,
    fields,
  });
  const written = HAND_WRITTEN[path]!;
  return JSON.stringify(written(logs.slice(0, PAGE_ROWS), logs.length > PAGE_ROWS));
}
