/** Every way in which Relaylog says no. Each face maps these codes to its own shape, in one table of its own. */
export const ERROR_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_USER_INPUT',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'CURSOR_EXPIRED',
  'ID_TYPE_MISMATCH',
  'PLAN_LIMIT_EXCEEDED',
  'NOT_FOUND',
  'RATE_LIMITED',
  'QUERY_TIMEOUT',
  'CLIENT_CLOSED_REQUEST',
  'UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

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
  /** Whole seconds after which a retry makes sense; null where it makes none. */
  readonly retryAfter: number | null;
  /** Of RATE_LIMITED: what was asked for, and where the caller stands; null where nobody counted. */
  readonly rateLimit: RateLimitReached | null;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; retryAfter?: number; rateLimit?: RateLimitReached } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'RelaylogError';
    this.code = code;
    this.retryAfter = options.retryAfter ?? null;
    this.rateLimit = options.rateLimit ?? null;
  }
}

export function badInput(message: string): RelaylogError {
  return new RelaylogError('BAD_USER_INPUT', message);
}

/** The error itself where it was expected; any other as one sentence without internals, after `report` was called with it. */
export function expectedError(error: unknown, report: (error: unknown) => void): RelaylogError {
  if (error instanceof RelaylogError) return error;
  report(error);
  return new RelaylogError('INTERNAL_SERVER_ERROR', 'Something went wrong on our side.', { cause: error });
}
