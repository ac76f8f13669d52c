import { createHash } from 'node:crypto';
import { objectLiteral } from '../lib/generated-literal.ts';
import { fieldOf, LOG_FIELDS, type LogField } from '../log/fields.ts';
import { logId } from '../log/log-id.ts';
import { type NewLog, validateNewLog } from '../log/new-log.ts';
import { mapPayloadParts, PAYLOAD_PART_NAMES, PAYLOAD_PARTS } from '../log/payload.ts';
import type { Redactor } from '../log/redact/redactor.ts';
import type { Json, RecordedRequest, RequestLog } from '../log/request-log.ts';
import { SerializedPayload } from '../log/serialized-payload.ts';
import { payloadText } from '../store/payload-text.ts';
import type { Occurrences } from './occurrences.ts';

export interface PrepareOptions {
  readonly organizationId: string;
  /** Unix milliseconds. */
  readonly now: number;
  readonly redactor: Redactor;
  /** Distinguishes equal logs without a request id. */
  readonly occurrences: Occurrences;
  /** The position of a log among those of the same millisecond, from 0; see `logId`. Default: no defined order. */
  readonly orderOf?: (createdAt: number) => number;
}

export type Prepared =
  | { readonly ok: true; readonly recorded: RecordedRequest }
  | { readonly ok: false; readonly reason: string };

/**
 * Turns a log that was sent into the form in which it is stored: validates it, redacts secrets, truncates bodies and
 * derives its ids. Equal logs get equal ids, so a log that is sent again is recognized as a duplicate.
 *
 * @param line the source text of the log, if it was not JSON. A missing request id is derived from it.
 */
export function prepare(input: unknown, options: PrepareOptions, line?: string): Prepared {
  const result = validateNewLog(input, options.now);
  if (!result.ok) return result;
  const { log: sent } = result;
  const { organizationId } = options;
  const { createdAt } = sent;
  if (sent.requestId != null && options.redactor.identity(sent.requestId) !== sent.requestId) {
    return { ok: false, reason: SECRET_IN_REQUEST_ID };
  }
  const requestId =
    sent.requestId ?? derivedRequestId(line ?? JSON.stringify(input), createdAt, options.occurrences);
  const id = logId(createdAt, organizationId, requestId, options.orderOf?.(createdAt));
  return {
    ok: true,
    recorded: {
      log: storedLog(sent, { id, organizationId, requestId }, options.redactor, options.now),
      payload: payloadOf(sent, options),
    },
  };
}

/** A request id is an identity and is never altered, so the log is rejected. */
const SECRET_IN_REQUEST_ID =
  'requestId contains a secret name with a value, user info of a URL, or a credential; send an id without one';

type Identity = Pick<RequestLog, 'id' | 'organizationId' | 'requestId'>;

/** The stored form of a log: missing values are null or the default, and secrets are redacted. */
const storedLog = objectLiteral<
  (sent: NewLog, identity: Identity, redactor: Redactor, now: number) => RequestLog
>(['sent', 'identity', 'redactor', 'now'], {
  id: 'identity.id',
  organizationId: 'identity.organizationId',
  ...Object.fromEntries(LOG_FIELDS.map((name) => [name, storedValue(name)])),
});

/** A JavaScript expression that computes the stored value of a field. */
function storedValue(name: LogField): string {
  if (name === 'requestId') return 'identity.requestId';
  const field = fieldOf(name);
  if (field.setByGateway) return 'now';
  const value = `sent.${name}`;
  if (field.redact !== undefined) {
    return `${value} == null ? null : redactor.${field.redact}(${value})`;
  }
  return `${value} ?? ${field.default ?? null}`;
}

function payloadOf(sent: NewLog, { redactor }: PrepareOptions): SerializedPayload | null {
  if (PAYLOAD_PART_NAMES.every((part) => sent[part] == null)) return null;
  const payload = mapPayloadParts((part) => {
    const value = sent[part] ?? null;
    const described = PAYLOAD_PARTS[part];
    if (described.kind === 'headers') return redactor.headers(value);
    return redactor.body(value, contentTypeOf(sent[described.headers] ?? null));
  });
  return new SerializedPayload(payloadText(payload));
}

/** The `Content-Type` among recorded headers; null if there is none. */
function contentTypeOf(headers: Json): string | null {
  if (headers === null) return null;
  for (const [name, value] of Object.entries(headers)) {
    if (name.length === 12 && name.toLowerCase() === 'content-type') {
      return typeof value === 'string' ? value : ((value as string[])[0] ?? null);
    }
  }
  return null;
}

/** A hash of 128 bits over the source text and the number of this occurrence. */
function derivedRequestId(source: string, createdAt: number, occurrences: Occurrences): string {
  const digest = createHash('sha256').update(source).digest();
  const nth = occurrences.next(digest.subarray(0, 16), createdAt);
  return createHash('sha256').update(digest).update(String(nth)).digest('hex').slice(0, 32);
}
