import { restErrorAnswer } from '../../http/authenticated-call.ts';
import type { ApiProtocol } from '../../http/endpoint.ts';
import type { ErrorCode } from '../../log/errors.ts';
import type { ApiDescription } from '../openapi-parts.ts';
import { signaError } from './responses.ts';

interface SignaErrorRow {
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly suggestion: string;
  readonly retryable?: true;
}

const INVALID: SignaErrorRow = {
  status: 400,
  type: 'validation_error',
  title: 'Validation failed',
  suggestion: 'Correct the parameter and send the request again.',
};
const UNAVAILABLE: SignaErrorRow = {
  status: 503,
  type: 'service_unavailable',
  title: 'Service unavailable',
  suggestion: 'Send the request again later.',
  retryable: true,
};

/** The error table of the contract. */
export const SIGNA_ERRORS: Readonly<Record<ErrorCode, SignaErrorRow>> = {
  BAD_USER_INPUT: INVALID,
  PERSISTED_QUERY_NOT_FOUND: INVALID,
  PERSISTED_QUERY_NOT_SUPPORTED: INVALID,
  PAYLOAD_TOO_LARGE: INVALID,
  UNSUPPORTED_MEDIA_TYPE: INVALID,
  ID_TYPE_MISMATCH: {
    status: 400,
    type: 'id_type_mismatch',
    title: 'ID type mismatch',
    suggestion: 'Pass the ID of an API key, which starts with key_.',
  },
  CURSOR_EXPIRED: {
    status: 400,
    type: 'cursor_expired',
    title: 'Cursor expired',
    suggestion: 'Start again without a cursor.',
  },
  UNAUTHENTICATED: {
    status: 401,
    type: 'unauthorized',
    title: 'Authentication required',
    suggestion: 'Send a valid API key as Authorization: Bearer <key>.',
  },
  FORBIDDEN: {
    status: 403,
    type: 'forbidden',
    title: 'Insufficient scope',
    suggestion: 'Use an API key with the scope billing:read.',
  },
  PLAN_LIMIT_EXCEEDED: {
    status: 403,
    type: 'plan_limit_exceeded',
    title: 'Plan limit exceeded',
    suggestion: 'Use a later start_date, or upgrade the plan.',
  },
  NOT_FOUND: {
    status: 404,
    type: 'not_found',
    title: 'Resource not found',
    suggestion: 'Check the request ID.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    type: 'method_not_allowed',
    title: 'Method not allowed',
    suggestion: 'Use a method that the Allow header lists.',
  },
  RATE_LIMITED: {
    status: 429,
    type: 'rate_limited',
    title: 'Rate limit exceeded',
    suggestion: 'Wait retry_after seconds, then send the request again.',
    retryable: true,
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    type: 'internal_error',
    title: 'Internal server error',
    suggestion: 'Report the request ID if it happens again.',
  },
  QUERY_TIMEOUT: UNAVAILABLE,
  CLIENT_CLOSED_REQUEST: UNAVAILABLE,
  UNAVAILABLE,
};

/** Signa's API: authenticates with a bearer token and limits requests per minute. */
export const SIGNA: ApiProtocol = {
  api: 'signa',
  xApiKey: false,
  acceptsRequestId: false,
  missingKeyMessage: 'The request has no API key.',
  headers: (rate, now, { requestId }) => ({
    'ratelimit-policy': `${rate.limit};w=${rate.windowSeconds}`,
    ratelimit: `remaining=${rate.remaining}, reset=${Math.ceil((rate.resetAt - now) / 1000)}`,
    'x-request-id': requestId,
  }),
  errorAnswer: (error, context) =>
    restErrorAnswer(error, context, ({ code, message, retryAfter }) => {
      const { status, type, title, suggestion, retryable = false } = SIGNA_ERRORS[code];
      const instance = new URL(context.request.url).pathname;
      return {
        status,
        body: {
          error: {
            type,
            title,
            status,
            detail: message,
            instance,
            suggestion,
            retryable,
            retry_after: retryAfter,
          },
          request_id: context.requestId,
        },
      };
    }),
};

export const SIGNA_DESCRIPTION: ApiDescription = {
  security: [{ bearer: [] }],
  headers: {
    'RateLimit-Policy': { type: 'string', description: 'The limit: requests, and the window `w` in seconds' },
    RateLimit: {
      type: 'string',
      description: 'Requests `remaining` in the window, and seconds until its `reset`',
    },
  },
  errorOf: (code) => [SIGNA_ERRORS[code].status, SIGNA_ERRORS[code].type],
  errorSchema: signaError,
};
