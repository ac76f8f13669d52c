import { z } from 'zod';

/** Environment variables by name. */
export type Variables = Readonly<Record<string, Variable>>;

export interface Variable {
  readonly schema: z.ZodType<unknown, string>;
  /** The default, as text, in the form in which it would be set. */
  readonly default: string;
  /** Description for the README's table, in full sentences. */
  readonly description: string;
  /** It can also be read from a file, which the variable of this name with `_FILE` names; absent: it cannot. */
  readonly secret?: true;
}

/** The parsed values of variables. */
export type Parsed<V extends Variables> = { readonly [N in keyof V]: z.output<V[N]['schema']> };

/** A decimal integer of at most 12 digits within these bounds, inclusive. */
export function integer(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,12}$/, 'must be an integer')
    .transform(Number)
    .pipe(z.number().min(min, `must be ${min} or more`).max(max, `must be ${max} or less`));
}

/** Splits a comma-separated list. Trims the entries and drops empty ones. */
export function commaList(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
