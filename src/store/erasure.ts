import { RelaylogError } from '../log/errors.ts';
import { MATCH_ALL } from '../log/filter.ts';
import type { LogQuery, PageBound } from '../log/query.ts';
import type { RequestLog } from '../log/request-log.ts';
import { positionOf } from '../log/sort.ts';

/** The fields by which logs can be erased. */
export const ERASABLE_FIELDS = ['requestId', 'apiKeyId', 'consumerId'] as const;
export type ErasableField = (typeof ERASABLE_FIELDS)[number];

/** The logs to erase: those of one organization with this value, or all of them. */
export interface Erasure {
  readonly organizationId: string;
  readonly match: { readonly field: ErasableField; readonly value: string } | null;
}

/** The result of one step of an erasure. */
export interface ErasureStep {
  /** Number of deleted logs. */
  readonly deleted: number;
  /** Where the next step begins; null if there is nothing left to read. */
  readonly next: PageBound | null;
}

/** The maximum number of logs that a step reads and deletes. It takes a few milliseconds. */
export const ERASURE_STEP = 500;

/**
 * The query of a step, oldest logs first. If no index serves the match, it reads all logs, and `matching` selects from
 * them: then a step is short however rare the value is.
 *
 * @param isOnePage whether a query reads no more than its page.
 */
export function erasureQuery(
  { organizationId, match }: Erasure,
  after: PageBound | undefined,
  isOnePage: (query: LogQuery) => boolean,
): LogQuery {
  const query: LogQuery = {
    scope: { organizationId, visibleFrom: null },
    filter: MATCH_ALL,
    sort: 'createdAt',
    direction: 'asc',
    after,
    limit: ERASURE_STEP,
    fields: match === null ? [] : [match.field],
  };
  if (match === null) return query;
  const filtered: LogQuery = { ...query, filter: { op: 'eq', field: match.field, value: match.value } };
  return isOnePage(filtered) ? filtered : query;
}

/** The ids of the logs to delete, of those that the query of the step returned. */
export function matching({ match }: Erasure, logs: readonly RequestLog[]): string[] {
  return logs.filter((log) => match === null || log[match.field] === match.value).map(({ id }) => id);
}

/** Where the next step begins; null if the query of this step returned the last logs. */
export function nextStep(logs: readonly RequestLog[]): PageBound | null {
  return logs.length < ERASURE_STEP ? null : positionOf(logs.at(-1)!, 'createdAt');
}

/** The error of an insert for an organization that was deleted meanwhile. */
export function organizationDeleted(): RelaylogError {
  return new RelaylogError('UNAUTHENTICATED', 'The organization was deleted.');
}
