import { GraphQLError } from 'graphql';
import { type ErrorCode, expectedError, isErrorCode, RelaylogError } from '../log/errors.ts';
import { recordCode } from '../telemetry/call.ts';

/** HTTP status of an operation that fails with a code, where GraphQL over HTTP leaves it to us. */
export const GRAPHQL_STATUS: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  METHOD_NOT_ALLOWED: 405,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  CLIENT_CLOSED_REQUEST: 499,
  QUERY_TIMEOUT: 503,
  UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
};

/** Codes of which one field below the top may be refused, while the rest of the answer stands. */
export const PARTIAL: readonly ErrorCode[] = ['FORBIDDEN'];

/**
 * What the client is told of an error: an expected one keeps its code and message, a mistake in the query is bad input,
 * and anything else becomes one sentence, after `report` was called with it.
 */
export function clientError(error: unknown, report: (error: unknown) => void): GraphQLError {
  const at = error instanceof GraphQLError ? error : undefined;
  const cause = at === undefined ? error : at.originalError;
  if (at !== undefined && (cause === undefined || cause instanceof GraphQLError)) {
    const { code = 'BAD_USER_INPUT' } = at.extensions;
    return coded(at, new RelaylogError(isErrorCode(code) ? code : 'BAD_USER_INPUT', at.message));
  }
  // A document or a variable that is nested beyond what the stack holds is the client's mistake.
  if (isExhaustedStack(cause)) {
    return coded(
      at,
      new RelaylogError('BAD_USER_INPUT', 'The operation or its variables are nested too deeply.'),
    );
  }
  return coded(at, expectedError(cause, report));
}

function coded(at: GraphQLError | undefined, error: RelaylogError): GraphQLError {
  const { code, message, retryAfter } = error;
  recordCode(code);
  const partial = PARTIAL.includes(code) && (at?.path?.length ?? 0) > 1;
  const status = partial ? undefined : GRAPHQL_STATUS[code];
  // What was told before keeps what it says besides its message.
  const ownHeaders = retryAfter === null ? undefined : { 'retry-after': String(retryAfter) };
  const headers = at?.extensions.http?.headers ?? ownHeaders;
  const rateLimit = error.rateLimit ?? at?.extensions.rateLimit;
  const { spec: _, ...given } = at?.extensions.http ?? {};
  // A request that never became an operation keeps its status whatever the client accepts; an operation does not.
  const own = at?.extensions.code === 'BAD_REQUEST' ? given : at?.extensions.http;
  const http = status === undefined ? own : { status, ...(headers && { headers }) };
  return new GraphQLError(message, {
    nodes: at?.nodes,
    source: at?.source,
    positions: at?.positions,
    path: at?.path,
    extensions: {
      code,
      ...(rateLimit === undefined ? {} : { rateLimit }),
      ...(http === undefined ? {} : { http }),
    },
  });
}

/** Whether input that is nested too deeply exhausted the stack. */
export function isExhaustedStack(error: unknown): boolean {
  return error instanceof RangeError && /call stack/.test(error.message);
}
