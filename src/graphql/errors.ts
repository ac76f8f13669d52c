import { GraphQLError } from 'graphql';
import { type ErrorCode, RelaylogError } from '../log/errors.ts';

/** HTTP status of an operation that fails with a code, where GraphQL over HTTP leaves it to us. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  QUERY_TIMEOUT: 503,
  UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
};

/**
 * What the client is told of an error: an expected one keeps its code and message, a mistake in the query is bad input,
 * and anything else becomes one sentence, after `report` was called with it.
 */
export function clientError(error: unknown, report: (error: unknown) => void): GraphQLError {
  const cause = error instanceof GraphQLError ? error.originalError : error;
  const at = error instanceof GraphQLError ? error : undefined;
  if (cause instanceof RelaylogError) return coded(at, cause.message, cause.code, cause.retryAfter);
  if (at !== undefined && (cause === undefined || cause instanceof GraphQLError)) {
    return at.extensions.code === undefined ? coded(at, at.message, 'BAD_USER_INPUT', null) : at;
  }
  report(cause);
  return coded(at, 'Something went wrong on our side.', 'INTERNAL_SERVER_ERROR', null);
}

function coded(
  at: GraphQLError | undefined,
  message: string,
  code: ErrorCode,
  retryAfter: number | null,
): GraphQLError {
  const status = STATUS[code];
  const headers: Record<string, string> = retryAfter === null ? {} : { 'retry-after': String(retryAfter) };
  return new GraphQLError(message, {
    nodes: at?.nodes,
    source: at?.source,
    positions: at?.positions,
    path: at?.path,
    extensions: { ...at?.extensions, code, ...(status === undefined ? {} : { http: { status, headers } }) },
  });
}
