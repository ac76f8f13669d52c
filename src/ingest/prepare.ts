import { createHash } from 'node:crypto';
import { logId } from '../log/log-id.ts';
import { type NewLog, validateNewLog } from '../log/new-log.ts';
import type { Redactor } from '../log/redact.ts';
import type { Json, RecordedRequest, RequestLogPayload } from '../log/request-log.ts';
import { cutBody } from '../log/truncate-body.ts';
import type { Occurrences } from './occurrences.ts';

export interface PrepareOptions {
  readonly organizationId: string;
  /** Unix milliseconds. */
  readonly now: number;
  readonly redactor: Redactor;
  /** Bytes of one stored body. */
  readonly bodyLimit: number;
  /** Tells equal logs without a request id apart. */
  readonly occurrences: Occurrences;
  /** Where given, keeps logs of one millisecond in the order in which they came: its place among them, see `logId`. */
  readonly orderOf?: (createdAt: number) => number;
}

export type Prepared =
  | { readonly ok: true; readonly recorded: RecordedRequest }
  | { readonly ok: false; readonly reason: string };

/**
 * Makes what is stored of a log that was sent: validated, redacted, cut, with its id. The same log gives the same
 * request id and id each time.
 *
 * @param line the text it came as where that was not JSON: its request id is derived from it where it has none.
 */
export function prepare(input: unknown, options: PrepareOptions, line?: string): Prepared {
  const result = validateNewLog(input, options.now);
  if (!result.ok) return result;
  const { organizationId, redactor } = options;
  const { requestId, requestHeaders, requestBody, responseHeaders, responseBody, ...sent } = result.log;
  const id =
    requestId ?? derivedRequestId(line ?? JSON.stringify(input), sent.createdAt, options.occurrences);
  const redacted = (text: string | null | undefined) => (text == null ? null : redactor.text(text));
  return {
    ok: true,
    recorded: {
      log: {
        id: logId(sent.createdAt, organizationId, id, options.orderOf?.(sent.createdAt)),
        organizationId,
        createdAt: sent.createdAt,
        requestId: id,
        method: sent.method,
        path: redactor.url(sent.path),
        statusCode: sent.statusCode,
        durationMs: sent.durationMs ?? null,
        routePattern: sent.routePattern ?? null,
        authType: sent.authType ?? null,
        apiKeyId: sent.apiKeyId ?? null,
        apiKeyPrefix: sent.apiKeyPrefix ?? null,
        endpointType: sent.endpointType ?? null,
        errorType: sent.errorType ?? null,
        errorDetail: redacted(sent.errorDetail),
        ipAddress: sent.ipAddress ?? null,
        userAgent: redacted(sent.userAgent),
        billedUnits: sent.billedUnits ?? 0,
        traceId: sent.traceId ?? null,
      },
      payload: payloadOf({ requestHeaders, requestBody, responseHeaders, responseBody }, options),
    },
  };
}

type SentPayload = Pick<NewLog, keyof RequestLogPayload>;

function payloadOf(sent: SentPayload, { redactor, bodyLimit }: PrepareOptions): RequestLogPayload | null {
  if (Object.values(sent).every((part) => part === undefined || part === null)) return null;
  const stored = (json: Json | undefined) => cutBody(redactor.json(json ?? null), bodyLimit);
  return {
    requestHeaders: stored(sent.requestHeaders),
    requestBody: stored(sent.requestBody),
    responseHeaders: stored(sent.responseHeaders),
    responseBody: stored(sent.responseBody),
  };
}

/** 128 bits of the text and of which one of its equals it is. */
function derivedRequestId(source: string, createdAt: number, occurrences: Occurrences): string {
  const digest = createHash('sha256').update(source).digest();
  const nth = occurrences.next(digest.subarray(0, 16), createdAt);
  return createHash('sha256').update(digest).update(String(nth)).digest('hex').slice(0, 32);
}
