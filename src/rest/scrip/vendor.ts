import { restErrorAnswer } from '../../http/authenticated-call.ts';
import type { ApiProtocol } from '../../http/endpoint.ts';
import type { ErrorCode } from '../../log/errors.ts';
import type { ApiDescription } from '../openapi-parts.ts';
import { ignoredParameters } from './ignored-parameters.ts';
import { scripError } from './responses.ts';

interface ScripErrorRow {
  readonly status: number;
  readonly code: string;
  /** The message of the contract. Default: the message of the error. */
  readonly message?: string;
}

const BAD_REQUEST: ScripErrorRow = { status: 400, code: 'invalid_request' };
const UNAVAILABLE: ScripErrorRow = { status: 503, code: 'unavailable' };

/** The error table of the contract. */
export const SCRIP_ERRORS: Readonly<Record<ErrorCode, ScripErrorRow>> = {
  BAD_USER_INPUT: BAD_REQUEST,
  CURSOR_EXPIRED: BAD_REQUEST,
  ID_TYPE_MISMATCH: BAD_REQUEST,
  PERSISTED_QUERY_NOT_FOUND: BAD_REQUEST,
  PERSISTED_QUERY_NOT_SUPPORTED: BAD_REQUEST,
  PAYLOAD_TOO_LARGE: BAD_REQUEST,
  UNSUPPORTED_MEDIA_TYPE: BAD_REQUEST,
  UNAUTHENTICATED: { status: 401, code: 'unauthorized', message: 'invalid or revoked API key' },
  FORBIDDEN: { status: 403, code: 'forbidden', message: 'the API key may not read logs' },
  PLAN_LIMIT_EXCEEDED: { status: 403, code: 'forbidden' },
  NOT_FOUND: { status: 404, code: 'not_found', message: 'no such log' },
  METHOD_NOT_ALLOWED: { status: 405, code: 'method_not_allowed' },
  RATE_LIMITED: { status: 429, code: 'too_many_requests', message: 'rate limit exceeded' },
  INTERNAL_SERVER_ERROR: { status: 500, code: 'internal_error', message: 'internal error' },
  QUERY_TIMEOUT: UNAVAILABLE,
  CLIENT_CLOSED_REQUEST: UNAVAILABLE,
  UNAVAILABLE,
};

/** Scrip's API: accepts the key in `X-API-Key` and limits requests with a token bucket. */
export const SCRIP: ApiProtocol = {
  api: 'scrip',
  xApiKey: true,
  acceptsRequestId: false,
  missingKeyMessage: 'The request has no API key.',
  headers: (rate, _now, { request }) => ({
    'x-ratelimit-limit': String(rate.limit),
    'x-ratelimit-remaining': String(rate.remaining),
    'x-ratelimit-reset': String(Math.ceil(rate.resetAt / 1000)),
    ...ignoredParameters(request.url),
  }),
  errorAnswer: (error, context) =>
    restErrorAnswer(error, context, ({ code, message }) => {
      const row = SCRIP_ERRORS[code];
      return { status: row.status, body: { code: row.code, message: row.message ?? message } };
    }),
};

export const SCRIP_DESCRIPTION: ApiDescription = {
  security: [{ apiKey: [] }, { bearer: [] }],
  headers: {
    'X-RateLimit-Limit': {
      type: 'integer',
      description: 'Number of requests that the bucket of the organization holds',
    },
    'X-RateLimit-Remaining': { type: 'integer', description: 'Number of requests left in the bucket' },
    'X-RateLimit-Reset': { type: 'integer', description: 'When the bucket is full again, in Unix seconds' },
    'X-Ignored-Parameters': {
      type: 'string',
      optional: true,
      description:
        'Names of the query parameters that the endpoint does not have, percent-encoded and separated by commas',
    },
  },
  errorOf: (code) => [SCRIP_ERRORS[code].status, SCRIP_ERRORS[code].code],
  errorSchema: scripError,
};
