import type { LogField } from '../log/fields.ts';

/** A compound index of the request logs. */
export interface LogIndex {
  readonly name: string;
  /** All ascending; one index serves both directions, as the tie-break follows the sort. */
  readonly keys: readonly ('organizationId' | 'id' | LogField)[];
  readonly unique?: true;
  /** Holds only logs of this status code or above. */
  readonly minStatusCode?: number;
  /** Which question it answers. */
  readonly answers: string;
}

/** Every index of the request logs, declared once: both stores build these, plans name them, the README lists them. */
export const LOG_INDEXES = {
  newest: {
    name: 'newest',
    keys: ['organizationId', 'createdAt', 'id'],
    answers: 'newest first, time windows, one log by its id',
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
    answers: 'what one API key called',
  },
  slowest: {
    name: 'slowest',
    keys: ['organizationId', 'durationMs', 'createdAt', 'id'],
    answers: 'slowest first',
  },
  routeSlowest: {
    name: 'routeSlowest',
    keys: ['organizationId', 'routePattern', 'durationMs', 'createdAt', 'id'],
    answers: 'slowest first, of one route',
  },
  apiKeySlowest: {
    name: 'apiKeySlowest',
    keys: ['organizationId', 'apiKeyId', 'durationMs', 'createdAt', 'id'],
    answers: 'slowest first, of one API key',
  },
  requestId: {
    name: 'requestId',
    keys: ['organizationId', 'requestId'],
    unique: true,
    answers: 'one log by its request id; no log twice',
  },
  failed: {
    name: 'failed',
    keys: ['organizationId', 'createdAt', 'id'],
    minStatusCode: 400,
    answers: 'what failed lately',
  },
} as const satisfies Record<string, LogIndex>;
