import { GraphQLError } from 'graphql';
import { ERROR_CODES, type ErrorCode, expectedError, RelaylogError } from '../log/errors.ts';

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
  const at = error instanceof GraphQLError ? error : undefined;
  const cause = at === undefined ? error : at.originalError;
  if (at !== undefined && (cause === undefined || cause instanceof GraphQLError)) {
    const ours: readonly unknown[] = ERROR_CODES;
    return ours.includes(at.extensions.code)
      ? at
      : coded(at, new RelaylogError('BAD_USER_INPUT', at.message));
  }
  return coded(at, expectedError(cause, report));
}

function coded(at: GraphQLError | undefined, { code, message, retryAfter }: RelaylogError): GraphQLError {
  // Of one field below the top; the rest of the answer stands.
  const partial = code === 'FORBIDDEN' && (at?.path?.length ?? 0) > 1;
  const status = partial ? undefined : STATUS[code];
  const headers: Record<string, string> = retryAfter === null ? {} : { 'retry-after': String(retryAfter) };
  return new GraphQLError(message, {
    nodes: at?.nodes,
    source: at?.source,
    positions: at?.positions,
    path: at?.path,
    extensions: { ...at?.extensions, code, ...(status === undefined ? {} : { http: { status, headers } }) },
  });
}
