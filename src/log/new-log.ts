import { z } from 'zod';
import { parseIso8601 } from '../lib/date-time.ts';
import { isShallow, MAX_NESTING } from '../lib/json-depth.ts';
import { isStorable } from '../lib/text.ts';
import { HOUR_MS } from '../lib/time-units.ts';
import { boundsOf, type Field, fieldOf, fieldsWhere, type LogField, TEXT_LENGTH } from './fields.ts';
import { mapPayloadParts, PAYLOAD_PARTS, type PayloadPart } from './payload.ts';
import { parseRequestId } from './request-id.ts';
import type { Json, RequestLog } from './request-log.ts';

/** How far in the future `createdAt` may be, in milliseconds; it allows for clocks that run ahead. */
export const MAX_FUTURE_MS = 24 * HOUR_MS;

const text = (max: number) =>
  z
    .string()
    .min(1, 'must not be empty; omit it or send null')
    .max(max, `must be at most ${max} characters`)
    .refine(isStorable, 'must be well-formed text without NUL characters');

const integer = (min: number, max: number) => {
  const message = min === 0 ? { min: 'must be 0 or more', max: `must be at most ${max}` } : null;
  const range = `must be ${min} to ${max}`;
  return z
    .int('must be an integer')
    .min(min, message?.min ?? range)
    .max(max, message?.max ?? range);
};

const time = z
  .union([z.string(), z.int()], 'must be an RFC 3339 date-time or Unix milliseconds')
  .transform((value, context) => {
    const ms = typeof value === 'number' ? value : floor(parseIso8601(value));
    if (ms !== null && ms >= 0 && ms < 253_402_300_800_000) return ms;
    context.addIssue({
      code: 'custom',
      message: 'must be an RFC 3339 date-time or Unix milliseconds, 1970 to 9999',
    });
    return z.NEVER;
  });

const MAX_HEADERS = 1_000;

const HEADERS_FORM = `must be an object of at most ${MAX_HEADERS} header names and values`;

// One check for all values: a zod issue for each of a million invalid values would cost more than parsing them.
const headers = z
  .record(z.string(), z.unknown(), HEADERS_FORM)
  .refine(areHeaders, HEADERS_FORM)
  .transform((value) => value as Record<string, string | string[]>)
  .nullish();

function areHeaders(value: Record<string, unknown>): boolean {
  const values = Object.values(value);
  const isText = (part: unknown) => typeof part === 'string';
  return (
    values.length <= MAX_HEADERS &&
    values.every((part) => isText(part) || (Array.isArray(part) && part.every(isText)))
  );
}

const body = z
  .unknown()
  .optional()
  .refine(isShallow, `must be nested at most ${MAX_NESTING} levels deep`)
  .transform((value) => value as Json | undefined);

function floor(ms: number | null): number | null {
  return ms === null ? null : Math.floor(ms);
}

const FORMATS = {
  requestId: text(TEXT_LENGTH.short)
    .transform(parseRequestId)
    .pipe(z.string().min(1, 'must contain more than its prefix')),
  httpMethod: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]{0,31}$/, 'must be an HTTP method, such as GET')
    .transform((method) => method.toUpperCase()),
  traceId: z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 hexadecimal digits in lower case'),
} as const satisfies Record<NonNullable<Field['format']>, z.ZodType>;

/** What the ingest API documents about a field, in addition to its description. */
const NOTES: Readonly<Partial<Record<LogField, string>>> = {
  createdAt: 'RFC 3339 date-time or Unix milliseconds.',
  requestId: 'The prefix is optional. If the id is missing, it is derived from the log.',
  method: 'Not case-sensitive.',
  billedUnits: 'Default: 0.',
};

function schemaOf(name: LogField): z.ZodType {
  const field = fieldOf(name);
  const { min, max } = boundsOf(field);
  const value =
    field.format !== undefined
      ? FORMATS[field.format]
      : field.kind === 'text'
        ? text(field.maxLength ?? TEXT_LENGTH.short)
        : field.kind === 'time'
          ? time
          : integer(min, max);
  const optional = field.nullable || field.default !== undefined || name === 'requestId';
  const note = NOTES[name];
  return (optional ? value.nullish() : value).describe(
    note === undefined ? field.description : `${field.description} ${note}`,
  );
}

/** The fields that ingest accepts. */
export const INGEST_FIELDS = fieldsWhere(({ setByGateway }) => !setByGateway);

/** A log in the form in which it is sent to the ingest endpoint, or written as one line of NDJSON. */
export const newLogSchema = z.strictObject(
  {
    ...Object.fromEntries(INGEST_FIELDS.map((name) => [name, schemaOf(name)])),
    ...mapPayloadParts((part) => {
      const { kind, description } = PAYLOAD_PARTS[part];
      return (kind === 'headers' ? headers : body).describe(description) as z.ZodType;
    }),
  },
  'must be a JSON object',
);

/** A validated log, before redaction. Fields that were not sent are null or undefined. */
export type NewLog = { readonly [F in LogField]?: RequestLog[F] | null } & {
  readonly [Part in PayloadPart]?: Json;
} & Pick<RequestLog, 'createdAt' | 'method' | 'path' | 'statusCode'>;

/** The validated log, or the reason why it is invalid. */
export type Validated =
  | { readonly ok: true; readonly log: NewLog }
  | { readonly ok: false; readonly reason: string };

/** The schema as one generated function, which takes a sixth of the time. Made at the first use: only threads that ingest need it. */
let compiledSchema: typeof newLogSchema | undefined;

/** @param now Unix milliseconds; a log whose time is more than `MAX_FUTURE_MS` later is invalid. */
export function validateNewLog(input: unknown, now: number): Validated {
  compiledSchema ??= z.compile(newLogSchema, { strict: true });
  const result = compiledSchema.safeParse(input, { reportInput: true });
  if (!result.success) {
    const { issues } = result.error;
    const more = issues.length > SHOWN_ISSUES ? [`and ${issues.length - SHOWN_ISSUES} more`] : [];
    return { ok: false, reason: [...issues.slice(0, SHOWN_ISSUES).map(sentence), ...more].join('; ') };
  }
  const log = result.data as unknown as NewLog;
  if (log.createdAt > now + MAX_FUTURE_MS) {
    return { ok: false, reason: `createdAt is more than ${MAX_FUTURE_MS / HOUR_MS} hours in the future` };
  }
  return { ok: true, log };
}

const SHOWN_ISSUES = 5;

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    return `unknown field ${issue.keys
      .slice(0, SHOWN_ISSUES)
      .map((key) => JSON.stringify(key.slice(0, 64)))
      .join(', ')}; known fields: ${Object.keys(newLogSchema.shape).join(', ')}`;
  }
  const missing = issue.input === undefined;
  const name = issue.path.join('.').slice(0, 128);
  return name === '' ? issue.message : `${name} ${missing ? 'is required' : issue.message}`;
}
