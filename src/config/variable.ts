import { z } from 'zod';

/** Variables of the environment, by name. */
export type Variables = Readonly<Record<string, Variable>>;

export interface Variable {
  readonly schema: z.ZodType<unknown, string>;
  /** As text, as it would be set. */
  readonly default: string;
  /** What it is for, as a sentence. */
  readonly about: string;
}

/** Their values once parsed. */
export type Parsed<V extends Variables> = { readonly [N in keyof V]: z.output<V[N]['schema']> };

/** A whole number within these bounds. */
export function integer(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,12}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be ${min} or more`).max(max, `must be ${max} or less`));
}

/** The names of a list with commas between them. */
export function commaList(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
