import { GraphQLError } from 'graphql';
import { type ErrorCode, isErrorCode, RelaylogError, toRelaylogError } from '../log/errors.ts';
import { recordCode } from '../telemetry/call.ts';
import { withLocations } from './locations.ts';

/**
 * HTTP status of an operation of which nothing was answered, by the code of its error. Without a status here: 200, or 400 if
 * nothing was executed and the client accepts application/graphql-response+json.
 */
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

/** Codes that can apply to a single nested field. Such an error never decides the status. */
export const PARTIAL: readonly ErrorCode[] = ['FORBIDDEN'];

/**
 * Converts any error to the one that the client receives. Expected errors keep their code and message. Syntax and
 * validation errors get the code BAD_USER_INPUT. All other errors are passed to `report` and become a generic message.
 *
 * @param reword changes the messages of syntax and validation errors. Default: unchanged.
 */
export function clientError(
  error: unknown,
  report: (error: unknown) => void,
  reword = (message: string) => message,
): GraphQLError {
  const at = error instanceof GraphQLError ? error : undefined;
  if (at !== undefined && clientErrors.has(at)) return at;
  const cause = at === undefined ? error : at.originalError;
  if (at !== undefined && (cause === undefined || cause instanceof GraphQLError)) {
    const { code = 'BAD_USER_INPUT' } = at.extensions;
    return withCode(at, new RelaylogError(isErrorCode(code) ? code : 'BAD_USER_INPUT', reword(at.message)));
  }
  // A document or variable that is nested too deeply for the stack is a client error.
  if (isExhaustedStack(cause)) {
    return withCode(
      at,
      new RelaylogError('BAD_USER_INPUT', 'The operation or its variables are nested too deeply.'),
    );
  }
  return withCode(at, toRelaylogError(cause, report));
}

/** The error of one field, as the client receives it. */
export function fieldError(error: RelaylogError, at: Pick<GraphQLError, 'nodes' | 'path'>): GraphQLError {
  return withCode({ ...at, extensions: {} }, error);
}

/**
 * Gives an error that the client receives the status of documents that are not valid, unless it has one: nothing was executed,
 * so it is 200 if the client accepts application/json, and 400 if it accepts application/graphql-response+json.
 */
export function asRefusal({ message, nodes, extensions }: GraphQLError): GraphQLError {
  return withLocations(
    new GraphQLError(message, {
      nodes: nodes ?? null,
      extensions: { ...extensions, http: extensions.http ?? { spec: true, status: 400 } },
    }),
  );
}

type Origin = Pick<GraphQLError, 'nodes' | 'path' | 'extensions'> &
  Partial<Pick<GraphQLError, 'source' | 'positions'>>;

function withCode(at: Origin | undefined, error: RelaylogError): GraphQLError {
  const { code, message, retryAfter } = error;
  recordCode(code);
  const partial = PARTIAL.includes(code) && (at?.path?.length ?? 0) > 1;
  const status = partial ? undefined : GRAPHQL_STATUS[code];
  // An error that was converted before keeps its headers and rate limit.
  const ownHeaders = retryAfter === null ? undefined : { 'retry-after': String(retryAfter) };
  const headers = at?.extensions.http?.headers ?? ownHeaders;
  const rateLimit = error.rateLimit ?? at?.extensions.rateLimit;
  const { spec: _, ...given } = at?.extensions.http ?? {};
  // Yoga applies a status with `spec` only if the client accepts application/graphql-response+json. A request that never
  // became an operation keeps its status for every Accept header.
  const own = at?.extensions.code === 'BAD_REQUEST' ? given : at?.extensions.http;
  const http = status === undefined ? own : { status, ...(headers && { headers }) };
  const shown = withoutStack(
    () =>
      new GraphQLError(abbreviated(message), {
        nodes: at?.nodes,
        source: at?.source,
        positions: at?.positions,
        path: at?.path,
        extensions: {
          code,
          ...(rateLimit === undefined ? {} : { rateLimit }),
          ...(http === undefined ? {} : { http }),
        },
      }),
  );
  clientErrors.add(shown);
  return withLocations(shown);
}

/** Errors that were already converted: several plugins convert each error. */
const clientErrors = new WeakSet<GraphQLError>();

/** Creates an error without a stack. Nobody reads the stack, and capturing it takes most of the time. */
function withoutStack<E extends Error>(make: () => E): E {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Maximum length of a message. Messages of graphql-js repeat whole values of the request. */
const MESSAGE_LENGTH = 1_000;

function abbreviated(message: string): string {
  return message.length <= MESSAGE_LENGTH ? message : `${message.slice(0, MESSAGE_LENGTH)}…`;
}

/** Returns whether this is a stack overflow, which deeply nested input causes. */
export function isExhaustedStack(error: unknown): boolean {
  return error instanceof RangeError && /call stack/.test(error.message);
}
