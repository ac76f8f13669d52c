import type { LogField } from '../log/fields.ts';

/** A compound index of the request logs. */
export interface LogIndex {
  readonly name: string;
  /** All keys are ascending. One index serves both directions, because the tie-break has the direction of the sort. */
  readonly keys: readonly ('organizationId' | 'id' | LogField)[];
  readonly unique?: true;
  /** For a partial index: it contains only logs with this status code or above. */
  readonly minStatusCode?: number;
  /** The queries that the index serves, for the README. */
  readonly answers: string;
}

/** All indexes of the request logs. Both stores create them, access paths refer to them, and the README lists them. */
export const LOG_INDEXES = {
  newest: {
    name: 'newest',
    keys: ['organizationId', 'createdAt', 'id'],
    answers: 'newest first, time windows, one log by id',
  },
  method: {
    name: 'method',
    keys: ['organizationId', 'method', 'createdAt', 'id'],
    answers: 'one method over time',
  },
  route: {
    name: 'route',
    keys: ['organizationId', 'routePattern', 'createdAt', 'id'],
    answers: 'one route over time',
  },
  status: {
    name: 'status',
    keys: ['organizationId', 'statusCode', 'createdAt', 'id'],
    answers: 'one status over time, and the status sort',
  },
  apiKey: {
    name: 'apiKey',
    keys: ['organizationId', 'apiKeyId', 'createdAt', 'id'],
    answers: 'one API key over time',
  },
  slowest: {
    name: 'slowest',
    keys: ['organizationId', 'durationMs', 'createdAt', 'id'],
    answers: 'slowest first',
  },
  routeSlowest: {
    name: 'routeSlowest',
    keys: ['organizationId', 'routePattern', 'durationMs', 'createdAt', 'id'],
    answers: 'one route, slowest first',
  },
  apiKeySlowest: {
    name: 'apiKeySlowest',
    keys: ['organizationId', 'apiKeyId', 'durationMs', 'createdAt', 'id'],
    answers: 'one API key, slowest first',
  },
  requestId: {
    name: 'requestId',
    keys: ['organizationId', 'requestId'],
    unique: true,
    answers: 'one log by request id; rejects duplicates',
  },
  failed: {
    name: 'failed',
    keys: ['organizationId', 'createdAt', 'id'],
    minStatusCode: 400,
    answers: 'failures, newest first',
  },
} as const satisfies Record<string, LogIndex>;
