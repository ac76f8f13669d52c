import { jsonAnswer, KEY_REQUIRED, restErrorAnswer } from '../../http/authenticated-call.ts';
import type { ApiProtocol, AuthenticatedCall, Endpoint, Services } from '../../http/endpoint.ts';
import { readBody } from '../../http/read-body.ts';
import { emptyBatch } from '../../ingest/empty-batch.ts';
import type { IngestBatch } from '../../ingest/ingest-batch.ts';
import { MAX_NESTING } from '../../lib/json-depth.ts';
import { rateHeaders } from '../../limits/rate-headers.ts';
import { ERROR_CODES, type ErrorCode, RelaylogError } from '../../log/errors.ts';
import { newLogSchema } from '../../log/new-log.ts';
import { FairQueue, type WaitLimits } from '../../store/fair-queue.ts';
import { SizedPermits } from '../../store/permits.ts';
import { type ApiDescription, operation } from '../openapi-parts.ts';
import { z } from '../zod.ts';

/** HTTP status of each error of the ingest endpoint. */
export const INGEST_STATUS: Readonly<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 400,
  CURSOR_EXPIRED: 400,
  ID_TYPE_MISMATCH: 400,
  PERSISTED_QUERY_NOT_FOUND: 400,
  PERSISTED_QUERY_NOT_SUPPORTED: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  PLAN_LIMIT_EXCEEDED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  INTERNAL_SERVER_ERROR: 500,
  QUERY_TIMEOUT: 503,
  CLIENT_CLOSED_REQUEST: 503,
  UNAVAILABLE: 503,
};

/** Accepted media types and the format of each. */
const INGEST_FORMATS: Readonly<Record<string, IngestBatch['format']>> = {
  'application/json': 'json',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
};

const INGEST: ApiProtocol = {
  api: 'ingest',
  xApiKey: true,
  acceptsRequestId: true,
  missingKeyMessage: KEY_REQUIRED,
  headers: (rate, now) => rateHeaders('ingest', rate, now),
  errorAnswer: (error, context) =>
    restErrorAnswer(error, context, ({ code, message }) => ({
      status: INGEST_STATUS[code],
      body: { error: { code, message } },
    })),
};

/** The shares of the memory for bodies that all batches and those of one organization may use. Other APIs have the rest. */
const [BATCHES_SHARE, ORGANIZATION_SHARE] = [3 / 4, 1 / 2];

/** While a batch waits for memory, its body is not read. Its client is slowed down and need not send the body again. */
const BODY_WAIT_LIMITS: WaitLimits = {
  message: 'Too many request bodies are in memory',
  waiting: 512,
  waitingPerKey: 128,
  waitMs: 2_000,
};

function bodyQueue(bytes: number) {
  return new FairQueue(new SizedPermits(bytes * BATCHES_SHARE, bytes * ORGANIZATION_SHARE), BODY_WAIT_LIMITS);
}

/**
 * Stores a batch and responds after the commit: 200 if at least one log was stored or was already there, or the batch
 * is empty (`rejected` lists the others); 400 if all logs were rejected.
 */
function storeBatch({ ingest, config, bodyMemory }: Services) {
  const maxBytes = config.RELAYLOG_INGEST_MAX_BYTES;
  const memory = bodyQueue(config.RELAYLOG_MAX_BUFFERED_BODY_BYTES);
  return async ({ request, viewer, now }: AuthenticatedCall) => {
    const format = formatOf(request);
    const gzip = isGzip(request);
    const { organizationId } = viewer;
    const store = async () => {
      using read = await readBody(request, maxBytes, bodyMemory);
      const body = read.bytes;
      if (body.length === 0) throw emptyBatch();
      return ingest.ingest({ organizationId, body, format, gzip, now });
    };
    const size = Number(request.headers.get('content-length') ?? maxBytes);
    const result = await memory.run(organizationId, store, request.signal, size);
    const allRejected = result.received > 0 && result.rejected.length === result.received;
    return jsonAnswer(result, allRejected ? INGEST_STATUS.BAD_USER_INPUT : 200);
  };
}

export const INGEST_ENDPOINT: Endpoint = {
  protocol: INGEST,
  scope: 'logs:write',
  methods: ['POST'],
  path: '/ingest/v1/request-logs',
  description: 'Store a batch of request logs',
  open: storeBatch,
  openApi: ({ maxLogs, maxBytes, maxValues, maxRejected }) =>
    operation(INGEST_DESCRIPTION, {
      operationId: 'ingestLogs',
      description:
        'Responds after the commit. A log that is sent again is counted as a duplicate and stored only once. ' +
        `At most ${maxLogs} logs and ${maxBytes} bytes after decompression. Content-Encoding gzip is accepted. ` +
        `A log is rejected if it contains more than ${maxValues} JSON values or is nested more than ${MAX_NESTING} levels deep. ` +
        `If more than ${maxRejected} logs are rejected, none is stored.`,
      request: {
        body: {
          required: true,
          content: Object.fromEntries(
            Object.entries(INGEST_FORMATS).map(([type, format]) => [
              type,
              { schema: format === 'json' ? z.array(newLogSchema) : newLogSchema },
            ]),
          ),
        },
      },
      response: {
        schema: ingestResult,
        description: 'Numbers of stored logs and duplicates; `rejected` lists the logs that were not stored',
      },
    }),
};

const ingestResult = z.object({
  received: z.int(),
  stored: z.int(),
  duplicates: z.int(),
  rejected: z.array(z.object({ index: z.int(), reason: z.string() })),
});
const ingestError = z.union([
  z.object({ error: z.object({ code: z.enum(ERROR_CODES), message: z.string() }) }),
  ingestResult,
]);

const INGEST_DESCRIPTION: ApiDescription = {
  security: [{ apiKey: [] }, { bearer: [] }],
  headers: {
    'RateLimit-Policy': { type: 'string', description: 'The limit: requests `q` and window `w` in seconds' },
    RateLimit: {
      type: 'string',
      description: 'Requests left `r`, and seconds `t` until the limit is whole again',
    },
  },
  errorOf: (code) => [INGEST_STATUS[code], code],
  errorSchema: ingestError,
};

function formatOf(request: Request): IngestBatch['format'] {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (Object.hasOwn(INGEST_FORMATS, type)) return INGEST_FORMATS[type]!;
  const accepted = Object.keys(INGEST_FORMATS).join(', ');
  throw new RelaylogError('UNSUPPORTED_MEDIA_TYPE', `Content-Type must be one of ${accepted}.`);
}

function isGzip(request: Request): boolean {
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  if (encoding === 'gzip' || encoding === 'identity') return encoding === 'gzip';
  throw new RelaylogError('UNSUPPORTED_MEDIA_TYPE', 'Content-Encoding must be gzip or identity.');
}
