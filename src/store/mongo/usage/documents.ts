import type { RequestLog } from '../../../log/request-log.ts';
import { dayOf } from '../../../usage/calendar.ts';
import { type UsageEntry, type UsageKey, usageOfLog } from '../../../usage/usage.ts';

/** An entry of the ledger. Its `_id` is `entryId`. */
export interface UsageDocument extends UsageEntry {
  readonly _id: string;
  readonly organizationId: string;
  /** The number of the last deletion that was added. */
  readonly deletion: number;
}

/** The usage of one log. */
export interface DeletedLog extends UsageEntry {
  readonly id: string;
}

/** What a deletion changes. It is written before anything is deleted, and removed when all of it is done. */
export interface PendingDeletion {
  /** Logs to delete; their usage is added to the ledger. */
  readonly logs: readonly DeletedLog[];
  /** Entries whose API key is erased: they are deleted, and their usage is added to the entries without an API key. */
  readonly entries: readonly UsageDocument[];
}

/** The deletions of an organization, which run one after another. `_id` is its id. */
export interface DeletionDocument {
  readonly _id: string;
  /** The number of the last deletion that was begun. */
  readonly number: number;
  /** Null if that deletion is done. */
  readonly pending: PendingDeletion | null;
  /** Until then, deletions wait: someone reads the usage. */
  readonly quietUntil: Date;
}

/** @param log has at least `USAGE_FIELDS`. */
export function deletedLog(log: RequestLog): DeletedLog {
  const { id, createdAt, endpointType, apiKeyId } = log;
  return { id, day: dayOf(createdAt), endpointType, apiKeyId, ...usageOfLog(log) };
}

export function entryId(organizationId: string, { day, endpointType, apiKeyId }: UsageKey): string {
  return JSON.stringify([organizationId, day, endpointType, apiKeyId]);
}
