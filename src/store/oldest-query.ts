import type { LogQuery } from '../log/query.ts';

/** What a purge deletes next: an organization's oldest logs from before a time. */
export function oldestQuery(organizationId: string, before: number, limit: number): LogQuery {
  return {
    scope: { organizationId, visibleFrom: null },
    filter: { op: 'lt', field: 'createdAt', value: before },
    sort: 'createdAt',
    direction: 'asc',
    limit,
  };
}
