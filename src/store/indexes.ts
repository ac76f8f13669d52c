import type { LogField } from '../log/fields.ts';

/** `timeBlock` is derived from the time of the log, see `timeBlockOf`. */
export type IndexKey = 'organizationId' | 'id' | 'timeBlock' | LogField;

/** A compound index of the request logs. */
export interface LogIndex {
  readonly name: string;
  /** All keys are ascending. One index serves both directions, because the tie-break has the direction of the sort. */
  readonly keys: readonly IndexKey[];
  /** Fields that are stored in the index after its keys, so that filters on them read no rows. */
  readonly includes?: readonly LogField[];
  readonly unique?: true;
  /** For a partial index: it contains only logs with this status code or above. */
  readonly minStatusCode?: number;
  /** For a partial index: it contains only logs with a value of this field. */
  readonly notNull?: LogField;
  /** The queries that the index serves, for the docs. */
  readonly answers: string;
}

const NEWEST = {
  name: 'newest',
  keys: ['organizationId', 'createdAt', 'id'],
  answers: 'newest first, time windows, one log by id',
} as const satisfies LogIndex;

const REQUEST_ID = {
  name: 'requestId',
  keys: ['organizationId', 'requestId'],
  unique: true,
  answers: 'one log by request id; rejects duplicates',
} as const satisfies LogIndex;

/**
 * The indexes of SQLite. It merges hundreds of ordered streams at the price of one seek each. So an index over time leads with the
 * status code: it also serves failures, and the status sort. An index by duration leads with the time block: it also serves windows,
 * and new logs are stored next to each other.
 */
export const SQLITE_INDEXES = {
  newest: NEWEST,
  status: {
    name: 'status',
    keys: ['organizationId', 'statusCode', 'createdAt', 'id'],
    includes: ['durationMs'],
    answers: 'statuses and failures over time, and the status sort',
  },
  method: {
    name: 'method',
    keys: ['organizationId', 'method', 'statusCode', 'createdAt', 'id'],
    includes: ['durationMs'],
    answers: 'one method over time, with a status or by status',
  },
  route: {
    name: 'route',
    keys: ['organizationId', 'routePattern', 'statusCode', 'createdAt', 'id'],
    includes: ['durationMs'],
    answers: 'one route over time, with a status or by status',
  },
  apiKey: {
    name: 'apiKey',
    keys: ['organizationId', 'apiKeyId', 'statusCode', 'createdAt', 'id'],
    includes: ['durationMs'],
    answers: 'one API key over time, with a status or by status',
  },
  consumer: {
    name: 'consumer',
    keys: ['organizationId', 'consumerId', 'statusCode', 'createdAt', 'id'],
    includes: ['durationMs'],
    notNull: 'consumerId',
    answers: 'one consumer, with a status or by status',
  },
  slowest: {
    name: 'slowest',
    keys: ['organizationId', 'timeBlock', 'durationMs', 'createdAt', 'id'],
    includes: ['statusCode', 'method', 'routePattern', 'apiKeyId'],
    answers: 'slowest first',
  },
  methodSlowest: {
    name: 'methodSlowest',
    keys: ['organizationId', 'method', 'timeBlock', 'durationMs', 'createdAt', 'id'],
    includes: ['statusCode'],
    answers: 'one method, slowest first',
  },
  failedSlowest: {
    name: 'failedSlowest',
    keys: ['organizationId', 'statusCode', 'durationMs', 'createdAt', 'id'],
    minStatusCode: 400,
    answers: 'failures, slowest first',
  },
  requestId: REQUEST_ID,
} as const satisfies Record<string, LogIndex>;

/** The indexes of MongoDB, where each stream is a command of its own: most questions are one stream. */
export const MONGO_INDEXES = {
  newest: NEWEST,
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
  requestId: REQUEST_ID,
  failed: {
    name: 'failed',
    keys: ['organizationId', 'createdAt', 'id'],
    minStatusCode: 400,
    answers: 'failures, newest first',
  },
} as const satisfies Record<string, LogIndex>;
