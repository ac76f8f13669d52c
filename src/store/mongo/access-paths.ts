import type { LogQuery } from '../../log/query.ts';
import { AccessPaths, type PagePlan } from '../access-path.ts';
import { MONGO_INDEXES } from '../indexes.ts';
import { isOnePage as isPage } from '../one-page.ts';

export const MONGO_PATHS = new AccessPaths(MONGO_INDEXES);

/** Whether a query needs no permit of a search: each of its streams is read to the end of the page. */
export function isOnePage(query: LogQuery, plan: PagePlan): boolean {
  return isPage(query, plan, (streams, limit) => streams * limit);
}
