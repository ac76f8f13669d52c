/** One recorded API request, as every API shows it and every store keeps it. */
export interface RequestLog {
  /** UUIDv7 in lower case; its time part is `createdAt`, so that id order agrees with time order. */
  readonly id: string;
  readonly organizationId: string;
  /** When the request started, in Unix milliseconds. */
  readonly createdAt: number;
  /** Unique in its organization; kept without the `req_` prefix, shown with it. */
  readonly requestId: string;
  /** Upper-case HTTP method. */
  readonly method: string;
  /** The resolved path, with its query string where one was sent, less its secrets. */
  readonly path: string;
  /** 100 to 599. */
  readonly statusCode: number;
  /** Whole milliseconds; null where the source does not say. */
  readonly durationMs: number | null;
  readonly routePattern: string | null;
  readonly authType: string | null;
  readonly apiKeyId: string | null;
  readonly apiKeyPrefix: string | null;
  readonly endpointType: string | null;
  readonly errorType: string | null;
  readonly errorDetail: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly billedUnits: number;
  /** W3C trace id. */
  readonly traceId: string | null;
}

/** What JSON can hold. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Headers and bodies of one request; kept apart so that the logs themselves stay small. */
export interface RequestLogPayload {
  readonly requestHeaders: Json;
  readonly requestBody: Json;
  readonly responseHeaders: Json;
  readonly responseBody: Json;
}

/** A log together with its payload; null where the source sent neither headers nor bodies. */
export interface RecordedRequest {
  readonly log: RequestLog;
  readonly payload: RequestLogPayload | null;
}

export type FieldKind = 'text' | 'integer' | 'time';

interface Field {
  readonly kind: FieldKind;
  readonly nullable: boolean;
  readonly description: string;
}

/** The fields that a filter may name. Filter inputs, store columns and their tests derive from this table. */
export const LOG_FIELDS = {
  createdAt: { kind: 'time', nullable: false, description: 'When the request started.' },
  requestId: {
    kind: 'text',
    nullable: false,
    description: 'Id of the request, unique in its organization, with the `req_` prefix.',
  },
  method: { kind: 'text', nullable: false, description: 'HTTP method in upper case.' },
  path: {
    kind: 'text',
    nullable: false,
    description: 'Resolved path, with its query string; secrets in it are redacted.',
  },
  statusCode: { kind: 'integer', nullable: false, description: 'HTTP status code, 100 to 599.' },
  durationMs: {
    kind: 'integer',
    nullable: true,
    description: 'Duration in whole milliseconds; null where the source did not record it.',
  },
  routePattern: {
    kind: 'text',
    nullable: true,
    description: 'Path template, such as `/v1/participants/{id}`.',
  },
  authType: { kind: 'text', nullable: true, description: 'How the caller authenticated, such as `api_key`.' },
  apiKeyId: {
    kind: 'text',
    nullable: true,
    description: 'Id of the API key that made the request, `key_…`.',
  },
  apiKeyPrefix: {
    kind: 'text',
    nullable: true,
    description: 'The visible first characters of that API key.',
  },
  endpointType: {
    kind: 'text',
    nullable: true,
    description: 'Class of the endpoint, such as `search` or `read`.',
  },
  errorType: { kind: 'text', nullable: true, description: 'Machine-readable error code of the response.' },
  errorDetail: { kind: 'text', nullable: true, description: 'Human-readable error of the response.' },
  ipAddress: { kind: 'text', nullable: true, description: 'IP address of the caller.' },
  userAgent: { kind: 'text', nullable: true, description: 'User-Agent header of the caller.' },
  billedUnits: { kind: 'integer', nullable: false, description: 'Units billed for the request.' },
  traceId: { kind: 'text', nullable: true, description: 'W3C trace id, 32 hexadecimal digits.' },
} as const satisfies Partial<Record<keyof RequestLog, Field>>;

export type LogField = keyof typeof LOG_FIELDS;
export const LOG_FIELD_NAMES = Object.keys(LOG_FIELDS) as readonly LogField[];

/** What is there of a log of which only some fields were read. */
export type LogWith<F extends LogField> = Pick<RequestLog, 'id' | 'organizationId' | 'createdAt' | F>;

type FieldOfKind<K extends FieldKind> = {
  [F in LogField]: (typeof LOG_FIELDS)[F]['kind'] extends K ? F : never;
}[LogField];
export type TextField = FieldOfKind<'text'>;
export type NumberField = FieldOfKind<'integer' | 'time'>;
