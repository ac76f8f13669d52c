import { z } from 'zod';
import { parseIso8601 } from '../lib/date-time.ts';
import { isShallow, MAX_JSON_DEPTH } from '../lib/json-depth.ts';
import { isStorable } from '../lib/text.ts';
import { storedRequestId } from './request-id.ts';
import type { Json } from './request-log.ts';

/** What a log may hold, declared once: validation, OpenAPI and the README derive from it. */
export const LOG_LIMITS = {
  pathLength: 8192,
  textLength: 1024,
  errorDetailLength: 4096,
  /** How far ahead of our clock a log's time may be, in milliseconds. */
  futureMs: 24 * 3_600_000,
} as const;

const MAX_INT = 2_147_483_647;

const text = (max: number) =>
  z
    .string()
    .min(1, 'must not be empty; leave it out or send null')
    .max(max, `must be at most ${max} characters`)
    .refine(isStorable, 'must be well-formed text without NUL characters');

const optionalText = (description: string, max: number = LOG_LIMITS.textLength) =>
  text(max).nullish().describe(description);

const count = (max: number) =>
  z.int('must be an integer').min(0, 'must be 0 or more').max(max, `must be at most ${max}`);

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

// Values are looked at in one pass, as an issue for each of a million wrong ones would cost more than they do.
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
  .refine(isShallow, `must be nested at most ${MAX_JSON_DEPTH} levels deep`)
  .transform((value) => value as Json | undefined);

function floor(ms: number | null): number | null {
  return ms === null ? null : Math.floor(ms);
}

/** One log as an API server sends it to the ingest endpoint or writes it as a line of NDJSON. */
export const newLogSchema = z.strictObject(
  {
    createdAt: time.describe('When the request started: RFC 3339 date-time, or Unix milliseconds.'),
    requestId: text(LOG_LIMITS.textLength)
      .transform(storedRequestId)
      .pipe(z.string().min(1, 'must hold more than its prefix'))
      .nullish()
      .describe(
        'Unique in its organization, with or without `req_`. Without one, it is derived from the log.',
      ),
    method: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]{0,31}$/, 'must be an HTTP method, such as GET')
      .transform((method) => method.toUpperCase())
      .describe('HTTP method, in any case.'),
    path: text(LOG_LIMITS.pathLength).describe('Resolved path, with its query string; secrets are redacted.'),
    statusCode: z
      .int('must be an integer')
      .min(100, 'must be 100 to 599')
      .max(599, 'must be 100 to 599')
      .describe('HTTP status code.'),
    durationMs: count(MAX_INT).nullish().describe('Whole milliseconds; leave it out where it is not known.'),
    routePattern: optionalText('Path template, such as `/v1/participants/{id}`.', LOG_LIMITS.pathLength),
    authType: optionalText('How the caller authenticated, such as `api_key`.'),
    apiKeyId: optionalText('Id of the API key that made the request, `key_…`.'),
    apiKeyPrefix: optionalText('The visible first characters of that API key.'),
    endpointType: optionalText('Class of the endpoint, such as `search`.'),
    errorType: optionalText('Machine-readable error code of the response.'),
    errorDetail: optionalText('Human-readable error of the response.', LOG_LIMITS.errorDetailLength),
    ipAddress: optionalText('IP address of the caller.'),
    userAgent: optionalText('User-Agent header of the caller.', LOG_LIMITS.errorDetailLength),
    billedUnits: count(MAX_INT).nullish().describe('Units billed; 0 unless sent.'),
    traceId: z
      .string()
      .regex(/^[0-9a-f]{32}$/, 'must be 32 hexadecimal digits in lower case')
      .nullish()
      .describe('W3C trace id.'),
    requestHeaders: headers.describe('Request headers; secrets are redacted.'),
    requestBody: body.describe('Request body: JSON or text; secrets are redacted, long bodies are cut.'),
    responseHeaders: headers.describe('Response headers.'),
    responseBody: body.describe('Response body.'),
  },
  'must be a JSON object',
);

/** A log that passed validation and is not yet redacted. */
export type NewLog = z.output<typeof newLogSchema>;

/** Either the log, or one sentence that says what is wrong with it. */
export type Validated =
  | { readonly ok: true; readonly log: NewLog }
  | { readonly ok: false; readonly reason: string };

/** @param now Unix milliseconds; a log from further ahead than the limit is refused. */
export function validateNewLog(input: unknown, now: number): Validated {
  const result = newLogSchema.safeParse(input, { reportInput: true });
  if (!result.success) {
    const { issues } = result.error;
    const more = issues.length > SHOWN_ISSUES ? [`and ${issues.length - SHOWN_ISSUES} more`] : [];
    return { ok: false, reason: [...issues.slice(0, SHOWN_ISSUES).map(sentence), ...more].join('; ') };
  }
  if (result.data.createdAt > now + LOG_LIMITS.futureMs) {
    return {
      ok: false,
      reason: `createdAt is more than ${LOG_LIMITS.futureMs / 3_600_000} hours in the future`,
    };
  }
  return { ok: true, log: result.data };
}

const SHOWN_ISSUES = 5;

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    return `unknown field ${issue.keys
      .slice(0, SHOWN_ISSUES)
      .map((key) => JSON.stringify(key.slice(0, 64)))
      .join(', ')}; known are ${Object.keys(newLogSchema.shape).join(', ')}`;
  }
  const missing = issue.input === undefined;
  const name = issue.path.join('.').slice(0, 128);
  return name === '' ? issue.message : `${name} ${missing ? 'is required' : issue.message}`;
}
