import { CountedCache } from '../lib/counted-cache.ts';
import { isUtf8Encoded } from '../lib/percent-encoding.ts';
import { badInput } from '../log/errors.ts';
import { z } from './zod.ts';

/*
 * Query parameters: declared with zod, once. Validation and OpenAPI both derive from the declaration; a message
 * continues the words "Parameter 'name' …".
 */

export interface ReadOptions {
  /** Refuse parameters that are not declared; otherwise they are ignored. */
  readonly strict: boolean;
}

/** Longer texts, as those of cursors, hardly come twice. */
const REMEMBERED_LENGTH = 40;

/**
 * What short texts mean as a parameter, by its reader, name and text: the same for whoever sends them. It saves less than
 * the collector does: V8 carries much of what zod makes for each parse from one young collection to the next.
 */
export const parameterValues = new CountedCache<{ readonly value: unknown }>({ max: 1_000 });
let readers = 0;

/**
 * Reads parameters as they are declared.
 *
 * @returns a function of the query string as it came, with its question mark. It throws RelaylogError BAD_USER_INPUT
 *   that names the first wrong parameter and what it accepts.
 */
export function parameterReader<S extends z.ZodObject<Record<string, z.ZodOptional>>>(
  { shape }: S,
  options: ReadOptions,
): (search: string) => z.output<S> {
  const reader = readers++;
  const names = Object.keys(shape);
  // One by one, as a schema of twelve takes its time for each that was not given.
  const meaningOf = (name: string, text: string) => {
    const key = `${reader} ${name} ${text}`;
    const known = parameterValues.get(key);
    if (known !== undefined) return known.value;
    const result = shape[name]!.safeParse(text);
    if (!result.success) throw badInput(`Parameter '${name}' ${result.error.issues[0]!.message}.`);
    if (text.length <= REMEMBERED_LENGTH) parameterValues.set(key, { value: result.data });
    return result.data;
  };
  return (search) => {
    const given = textsOf(search, names, options);
    const read: Record<string, unknown> = {};
    for (const name of names) if (Object.hasOwn(given, name)) read[name] = meaningOf(name, given[name]!);
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
      const accepted = names.length === 0 ? 'None are accepted here' : `Accepted are ${names.join(', ')}`;
      throw badInput(`Unknown parameter '${name.slice(0, 64)}'. ${accepted}.`);
    }
    if (Object.hasOwn(given, name)) throw badInput(`Parameter '${name}' must be given only once.`);
    if (value === '') throw badInput(`Parameter '${name}' must not be empty; leave it out for no condition.`);
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
  /** What is said of a number outside of the bounds. */
  readonly message?: string;
}

export function integerParameter({
  min = -Infinity,
  max = Infinity,
  description,
  message,
  ...rest
}: IntegerRule) {
  const bounded = Number.isFinite(min) ? `must be an integer from ${min} to ${max}` : 'must be an integer';
  const wrong = message ?? bounded;
  return z
    .string()
    .regex(/^[+-]?\d+$/, wrong)
    .transform(Number)
    .refine((value) => value >= min && value <= max, wrong)
    .openapi({
      type: 'integer',
      description,
      ...(Number.isFinite(min) ? { minimum: min } : {}),
      ...(Number.isFinite(max) ? { maximum: max } : {}),
      ...rest,
    });
}

export function textParameter(description: string, maxLength = 1024) {
  return z
    .string()
    .max(maxLength, `must be at most ${maxLength} characters`)
    .openapi({ description, maxLength });
}

export function enumParameter<const T extends readonly [string, ...string[]]>(
  values: T,
  description: string,
) {
  return z.enum(values, `must be one of ${values.join(', ')}`).openapi({ description });
}

/** @param read gives Unix milliseconds, or null for what is no such time. */
export function timeParameter(
  read: (text: string) => number | null,
  accepted: string,
  description: string,
  format: string,
) {
  return z
    .string()
    .transform((text, context) => {
      const ms = read(text);
      if (ms !== null) return ms;
      const plus = / \d\d:?\d\d$/.test(text) ? "; in a URL, the '+' of an offset is written %2B" : '';
      context.addIssue({ code: 'custom', message: `must be ${accepted}${plus}` });
      return z.NEVER;
    })
    .openapi({ type: 'string', format, description });
}
