import type { LogQuery } from '../log/query.ts';

/**
 * The query for the logs that a purge deletes next: an organization's oldest logs, created before a time.
 *
 * @param before Unix milliseconds, exclusive.
 */
export function oldestQuery(organizationId: string, before: number, limit: number): LogQuery {
  return {
    scope: { organizationId, visibleFrom: null },
    filter: { op: 'lt', field: 'createdAt', value: before },
    sort: 'createdAt',
    direction: 'asc',
    limit,
  };
}
