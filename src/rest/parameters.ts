import { CountedCache } from '../lib/counted-cache.ts';
import { isUtf8Encoded } from '../lib/percent-encoding.ts';
import { badInput } from '../log/errors.ts';
import { z } from './zod.ts';

/*
 * Query parameters are declared once, with zod. Validation and OpenAPI both derive from the declaration. Messages of the
 * schemas continue the sentence "Parameter 'name' …".
 */

export interface ReadOptions {
  /** Whether to reject parameters that are not declared. Otherwise they are ignored. */
  readonly strict: boolean;
}

/** Longer texts, such as cursors, are not cached because they are rarely sent twice. */
const MAX_CACHED_LENGTH = 40;

/**
 * Cache of parsed parameter values by reader, name and text. A value depends on nothing else, so it is shared by all
 * callers. The main gain is less garbage: much of what zod allocates for a parse survives young-generation collections.
 */
export const parameterValues = new CountedCache<{ readonly value: unknown }>({ max: 1_000 });
let readers = 0;

/**
 * Returns a function that parses a query string, given with its leading question mark. It throws RelaylogError
 * BAD_USER_INPUT that names the first invalid parameter and what it accepts.
 */
export function parameterReader<S extends z.ZodObject<Record<string, z.ZodOptional>>>(
  { shape }: S,
  options: ReadOptions,
): (search: string) => z.output<S> {
  const reader = readers++;
  const names = Object.keys(shape);
  // Parameters are parsed one by one, because the object schema would also spend time on those that were not given.
  const parsedValue = (name: string, text: string) => {
    const key = `${reader} ${name} ${text}`;
    const known = parameterValues.get(key);
    if (known !== undefined) return known.value;
    const result = shape[name]!.safeParse(text);
    if (!result.success) throw badInput(`Parameter '${name}' ${result.error.issues[0]!.message}.`);
    if (text.length <= MAX_CACHED_LENGTH) parameterValues.set(key, { value: result.data });
    return result.data;
  };
  return (search) => {
    const given = textsOf(search, names, options);
    const read: Record<string, unknown> = {};
    for (const name of names) if (Object.hasOwn(given, name)) read[name] = parsedValue(name, given[name]!);
    return read as z.output<S>;
  };
}

function textsOf(search: string, names: readonly string[], options: ReadOptions): Record<string, string> {
  const given: Record<string, string> = {};
  const pairs = search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '');
  for (const [i, [name, value]] of [...new URLSearchParams(search)].entries()) {
    if (!names.includes(name)) {
      if (!options.strict) continue;
      const accepted =
        names.length === 0
          ? 'This endpoint accepts no parameters'
          : `Accepted parameters: ${names.join(', ')}`;
      throw badInput(`Unknown parameter '${name.slice(0, 64)}'. ${accepted}.`);
    }
    if (Object.hasOwn(given, name)) throw badInput(`Parameter '${name}' must not be given more than once.`);
    if (value === '') throw badInput(`Parameter '${name}' must not be empty; omit it instead.`);
    if (value.includes('\uFFFD') && !isUtf8Encoded(pairs[i]!))
      throw badInput(`Parameter '${name}' must be well-formed UTF-8.`);
    given[name] = value;
  }
  return given;
}

export interface IntegerRule {
  readonly min?: number;
  readonly max?: number;
  readonly description: string;
  readonly default?: number;
  /** Error message for invalid values. Default: a message that gives the bounds. */
  readonly message?: string;
}

/** Declares a parameter that accepts an integer within the bounds, with an optional sign. */
export function integerParameter({
  min = -Infinity,
  max = Infinity,
  description,
  message,
  ...rest
}: IntegerRule) {
  const bounded = Number.isFinite(min) ? `must be an integer from ${min} to ${max}` : 'must be an integer';
  const invalid = message ?? bounded;
  return z
    .string()
    .regex(/^[+-]?\d+$/, invalid)
    .transform(Number)
    .refine((value) => value >= min && value <= max, invalid)
    .openapi({
      type: 'integer',
      description,
      ...(Number.isFinite(min) ? { minimum: min } : {}),
      ...(Number.isFinite(max) ? { maximum: max } : {}),
      ...rest,
    });
}

/** Declares a parameter that accepts text of at most `maxLength` characters. */
export function textParameter(description: string, maxLength = 1024) {
  return z
    .string()
    .max(maxLength, `must be at most ${maxLength} characters`)
    .openapi({ description, maxLength });
}

/** Declares a parameter that accepts one of these values. */
export function enumParameter<const T extends readonly [string, ...string[]]>(
  values: T,
  description: string,
) {
  return z.enum(values, `must be one of ${values.join(', ')}`).openapi({ description });
}

/**
 * Declares a parameter that accepts a time and is parsed to Unix milliseconds.
 *
 * @param read returns Unix milliseconds, or null if the text is not a valid time.
 * @param accepted describes the accepted forms; continues the message "must be …".
 * @param formats the OpenAPI formats of the accepted forms.
 */
export function timeParameter(
  read: (text: string) => number | null,
  accepted: string,
  description: string,
  formats: readonly ('date' | 'date-time')[],
) {
  const types = formats.map((format) => ({ type: 'string' as const, format }));
  return z
    .string()
    .transform((text, context) => {
      const ms = read(text);
      if (ms !== null) return ms;
      const plus = / \d\d:?\d\d$/.test(text) ? "; in a URL, write the '+' of an offset as %2B" : '';
      context.addIssue({ code: 'custom', message: `must be ${accepted}${plus}` });
      return z.NEVER;
    })
    .openapi({ ...(types.length === 1 ? types[0] : { type: 'string', anyOf: types }), description });
}
