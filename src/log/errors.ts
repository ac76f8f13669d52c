/** Every way in which Relaylog says no, and why. Each API maps these codes to its own shape, in one table of its own. */
export const ERRORS = {
  UNAUTHENTICATED: 'there is no credential, or it is malformed, unknown, expired or revoked',
  FORBIDDEN: 'the credential lacks a scope',
  BAD_USER_INPUT: 'what was asked is malformed, or past a limit of one request',
  PAYLOAD_TOO_LARGE: 'the body is past its limit',
  UNSUPPORTED_MEDIA_TYPE: 'the body is of a type that is not taken',
  CURSOR_EXPIRED: 'the cursor was given too long ago',
  ID_TYPE_MISMATCH: 'the id is that of something else',
  PLAN_LIMIT_EXCEEDED: 'the plan keeps nothing from so long ago',
  NOT_FOUND: 'the organization has no such log',
  METHOD_NOT_ALLOWED: 'the path does not accept this method; the Allow header lists the accepted ones',
  RATE_LIMITED: 'the organization asked for too much at once',
  QUERY_TIMEOUT: 'the search took too long; narrow it',
  CLIENT_CLOSED_REQUEST: 'the client was gone before the answer',
  UNAVAILABLE: 'the store or the server is temporarily unavailable',
  INTERNAL_SERVER_ERROR: 'a mistake of ours; the log holds it, by the id of the request',
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

export interface RateLimitReached {
  readonly cost: number;
  readonly limit: number;
  readonly remaining: number;
  /** When the whole limit is there again, ISO 8601. */
  readonly resetAt: string;
  /** Whole seconds until this cost may be paid. */
  readonly retryAfter: number;
}

/** An expected failure: its message is for the caller and holds no internals. */
export class RelaylogError extends Error {
  readonly code: ErrorCode;
  /** Whole seconds after which a retry makes sense; null if it makes none. */
  readonly retryAfter: number | null;
  /** Of RATE_LIMITED: what was asked for, and what the caller has left; null if nobody counted. */
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

export function badInput(message: string): RelaylogError {
  return new RelaylogError('BAD_USER_INPUT', message);
}

/** The error itself if it was expected; any other as one sentence without internals, after `report` was called with it. */
export function expectedError(error: unknown, report: (error: unknown) => void): RelaylogError {
  if (error instanceof RelaylogError) return error;
  report(error);
  return new RelaylogError('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.', { cause: error });
}
