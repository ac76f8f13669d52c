/** Maximum length, in characters, of text values that ingest accepts. */
export const TEXT_LENGTH = { short: 1024, long: 4096, path: 8192 } as const;

const MAX_INT = 2_147_483_647;

export type FieldKind = 'text' | 'integer' | 'safeInteger' | 'time';

/** How one field of a request log is validated, stored and exposed. */
export interface Field {
  /** `time`: Unix milliseconds. `integer`: 32 bits. `safeInteger`: 53 bits. */
  readonly kind: FieldKind;
  readonly nullable: boolean;
  readonly description: string;
  /** Maximum length in characters. Default: `TEXT_LENGTH.short`. */
  readonly maxLength?: number;
  /** Bounds of an integer. Default: 0 to the maximum of its kind. */
  readonly min?: number;
  readonly max?: number;
  /** The format that ingest validates in addition to the kind. */
  readonly format?: 'httpMethod' | 'requestId' | 'traceId';
  /** How secrets are redacted before the value is stored. Every text without a format has one. */
  readonly redact?: 'url' | 'text' | 'host' | 'identity';
  /** Requires the scope `logs:sensitive`. */
  readonly sensitive?: true;
  /** Many logs share the same value: SQLite stores each distinct value once, and its number in each log. */
  readonly interned?: true;
  /** The number that stands for null in a sort key. It is below every value, so null sorts first. */
  readonly nullSortKey?: number;
  /** The value if the log was sent without one. Makes the field optional in ingest. Default: null. */
  readonly default?: number;
  /** Set by the gateway; ingest rejects logs that contain it. */
  readonly setByGateway?: true;
}

/**
 * Every field of a request log except its id and organization, declared once. Types, ingest, redaction, SQLite columns,
 * MongoDB documents, GraphQL fields and filters, OpenAPI, the docs and the test generators derive from this table.
 */
export const FIELDS = {
  createdAt: { kind: 'time', nullable: false, description: 'When the request started.' },
  requestId: {
    kind: 'text',
    nullable: false,
    format: 'requestId',
    description: 'Id of the request, with the `req_` prefix. Unique within the organization.',
  },
  method: {
    kind: 'text',
    nullable: false,
    format: 'httpMethod',
    maxLength: 32,
    description: 'HTTP method in upper case.',
  },
  path: {
    kind: 'text',
    nullable: false,
    maxLength: TEXT_LENGTH.path,
    redact: 'url',
    description: 'Resolved path with its query string. Secrets are redacted.',
  },
  statusCode: {
    kind: 'integer',
    nullable: false,
    min: 100,
    max: 599,
    description: 'HTTP status code, 100 to 599.',
  },
  durationMs: {
    kind: 'integer',
    nullable: true,
    nullSortKey: -1,
    description: 'Duration in whole milliseconds; null if the source did not record it.',
  },
  routePattern: {
    kind: 'text',
    redact: 'url',
    nullable: true,
    maxLength: TEXT_LENGTH.path,
    interned: true,
    description: 'Path template, such as `/v1/participants/{id}`.',
  },
  authType: {
    kind: 'text',
    redact: 'text',
    nullable: true,
    description: 'How the caller authenticated, such as `api_key`.',
  },
  apiKeyId: {
    kind: 'text',
    redact: 'identity',
    nullable: true,
    interned: true,
    description: 'Id of the API key that authenticated the request, `key_…`.',
  },
  apiKeyPrefix: {
    kind: 'text',
    redact: 'text',
    nullable: true,
    description: 'The first characters of that API key, which are safe to show.',
  },
  endpointType: {
    kind: 'text',
    redact: 'text',
    nullable: true,
    description: 'Class of the endpoint, such as `search` or `read`.',
  },
  errorType: {
    kind: 'text',
    redact: 'text',
    nullable: true,
    description: 'Machine-readable error code of the response.',
  },
  errorDetail: {
    kind: 'text',
    nullable: true,
    maxLength: TEXT_LENGTH.long,
    redact: 'text',
    description: 'Human-readable error message of the response.',
  },
  ipAddress: {
    kind: 'text',
    redact: 'text',
    nullable: true,
    sensitive: true,
    description: 'IP address of the caller.',
  },
  userAgent: {
    kind: 'text',
    nullable: true,
    maxLength: TEXT_LENGTH.long,
    redact: 'text',
    sensitive: true,
    description: 'User-Agent header of the caller.',
  },
  billedUnits: {
    kind: 'integer',
    nullable: false,
    default: 0,
    description: 'Units billed for the request.',
  },
  traceId: {
    kind: 'text',
    nullable: true,
    format: 'traceId',
    maxLength: 32,
    description: 'W3C trace id, 32 hexadecimal digits.',
  },
  consumerId: {
    kind: 'text',
    redact: 'identity',
    nullable: true,
    interned: true,
    description: 'Id of the customer on whose behalf the request was made.',
  },
  service: {
    kind: 'text',
    redact: 'identity',
    nullable: true,
    interned: true,
    description: 'Name of the service that handled the request.',
  },
  host: { kind: 'text', redact: 'host', nullable: true, description: 'Host header of the request.' },
  requestBytes: { kind: 'safeInteger', nullable: true, description: 'Size of the request body in bytes.' },
  responseBytes: { kind: 'safeInteger', nullable: true, description: 'Size of the response body in bytes.' },
  receivedAt: {
    kind: 'time',
    nullable: false,
    setByGateway: true,
    description: 'When the gateway received the log.',
  },
} as const satisfies Record<string, Field>;

type Fields = typeof FIELDS;
export type LogField = keyof Fields;
/** Field names, in the order of the table. */
export const LOG_FIELDS = Object.keys(FIELDS) as readonly LogField[];

/** A field's declaration, typed as `Field`: options that it does not set are undefined. */
export function fieldOf(name: LogField): Field {
  return FIELDS[name];
}

/** The bounds of an integer field, both inclusive. */
export function boundsOf({ kind, min = 0, max }: Field): { readonly min: number; readonly max: number } {
  return { min, max: max ?? (kind === 'safeInteger' ? Number.MAX_SAFE_INTEGER : MAX_INT) };
}

/** The names of the fields whose declaration satisfies `predicate`. */
export function fieldsWhere(predicate: (field: Field) => unknown): readonly LogField[] {
  return LOG_FIELDS.filter((name) => predicate(FIELDS[name]));
}

type ValueOf<F extends Field> =
  | (F['kind'] extends 'text' ? string : number)
  | (F['nullable'] extends true ? null : never);

/** The field values of a log, in their stored form: a request id has no prefix. */
export type LogValues = { readonly [F in LogField]: ValueOf<Fields[F]> };

type OptionalField = {
  [F in LogField]: Fields[F] extends { nullable: true } | { default: number } ? F : never;
}[LogField];

/** The values of the optional fields of a log that was sent without them. */
export const DEFAULT_VALUES = Object.fromEntries(
  LOG_FIELDS.map((name) => [name, fieldOf(name)] as const)
    .filter(([, field]) => field.nullable || field.default !== undefined)
    .map(([name, field]) => [name, field.default ?? null]),
) as Pick<LogValues, OptionalField>;

/** Number fields that logs can be sorted by: they are not nullable, or declare `nullSortKey`. */
export type SortableField = {
  [F in NumberField]: Fields[F] extends { nullable: false } | { nullSortKey: number } ? F : never;
}[NumberField];

/** The fields that the gateway sets; ingest does not accept them. */
export type GatewayField = {
  [F in LogField]: Fields[F] extends { setByGateway: true } ? F : never;
}[LogField];

type FieldOfKind<K extends FieldKind> = {
  [F in LogField]: Fields[F]['kind'] extends K ? F : never;
}[LogField];
export type TextField = FieldOfKind<'text'>;
export type TimeField = FieldOfKind<'time'>;
export type NumberField = FieldOfKind<'integer' | 'safeInteger' | 'time'>;
