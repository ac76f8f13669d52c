/** Every error code and when it is returned. Each API has one table that maps these codes to its own error format. */
export const ERRORS = {
  UNAUTHENTICATED: 'no credential was sent, or it is malformed, unknown, expired or revoked',
  FORBIDDEN: 'the credential lacks a scope',
  BAD_USER_INPUT: 'the request is malformed or exceeds a limit for a single request',
  PAYLOAD_TOO_LARGE: 'the request body exceeds its size limit',
  UNSUPPORTED_MEDIA_TYPE: 'the content type or encoding of the body is not supported',
  CURSOR_EXPIRED: 'the cursor was issued too long ago',
  PERSISTED_QUERY_NOT_FOUND: 'no query with this hash is known; send the query with its hash',
  PERSISTED_QUERY_NOT_SUPPORTED: 'the server executes only allowed operations, and none has this hash',
  ID_TYPE_MISMATCH: 'the id belongs to another type of object',
  PLAN_LIMIT_EXCEEDED: 'the time range starts a day or more before the retention window of the plan',
  NOT_FOUND: 'the organization has no log with this id, or the path does not exist',
  METHOD_NOT_ALLOWED: 'the path does not accept this method; the Allow header lists the accepted ones',
  RATE_LIMITED: 'the organization exceeded its rate limit',
  QUERY_TIMEOUT: 'the query took too long; narrow the filter',
  CLIENT_CLOSED_REQUEST: 'the client disconnected before the response was sent',
  UNAVAILABLE: 'the store is unavailable or the server is overloaded; retry later',
  INTERNAL_SERVER_ERROR: 'an unexpected error; the server log has the details under the request id',
} as const;
export type ErrorCode = keyof typeof ERRORS;
export const ERROR_CODES = Object.keys(ERRORS) as readonly ErrorCode[];

/** Seconds after which a retry makes sense, for codes that are answered 503; an error may give its own. */
export const RETRY_AFTER_SECONDS: Readonly<Partial<Record<ErrorCode, number>>> = {
  UNAVAILABLE: 5,
  QUERY_TIMEOUT: 1,
  CLIENT_CLOSED_REQUEST: 1,
};

export function isErrorCode(code: unknown): code is ErrorCode {
  return ERROR_CODES.some((one) => one === code);
}

/** The state of the caller's rate limit when a request was rejected. */
export interface RateLimitReached {
  readonly cost: number;
  readonly limit: number;
  readonly remaining: number;
  /** When the limit will have refilled completely, ISO 8601. */
  readonly resetAt: string;
  /** Whole seconds until a request of this cost is accepted. */
  readonly retryAfter: number;
}

/** An expected error. Its message is written for the caller and reveals no internals. */
export class RelaylogError extends Error {
  readonly code: ErrorCode;
  /** Whole seconds to wait before a retry; null if a retry will not help. */
  readonly retryAfter: number | null;
  /** For RATE_LIMITED: the cost of the request and the caller's remaining limit. Null for all other errors, and if no limit was evaluated. */
  readonly rateLimit: RateLimitReached | null;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; retryAfter?: number; rateLimit?: RateLimitReached } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'RelaylogError';
    this.code = code;
    this.retryAfter = options.retryAfter ?? RETRY_AFTER_SECONDS[code] ?? null;
    this.rateLimit = options.rateLimit ?? null;
  }
}

/** @returns a BAD_USER_INPUT error. */
export function badInput(message: string): RelaylogError {
  return new RelaylogError('BAD_USER_INPUT', message);
}

/**
 * Returns an expected error unchanged. Passes any other error to `report` and returns an INTERNAL_SERVER_ERROR that
 * reveals no internals.
 */
export function toRelaylogError(error: unknown, report: (error: unknown) => void): RelaylogError {
  if (error instanceof RelaylogError) return error;
  report(error);
  return new RelaylogError('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.', { cause: error });
}
