import type { LogQuery } from '../../log/query.ts';
import { AccessPaths, type PagePlan } from '../access-path.ts';
import { SQLITE_INDEXES } from '../indexes.ts';
import { isOnePage as isPage } from '../one-page.ts';

export const SQLITE_PATHS = new AccessPaths(SQLITE_INDEXES);

/** Whether a query may run in the calling thread: it reads the rows of its page, and one more of each stream. */
export function isOnePage(query: LogQuery, plan: PagePlan): boolean {
  return isPage(query, plan, (streams, limit) => streams + limit);
}
