import type { Field } from '../log/fields.ts';

const SCALARS = { text: 'String', integer: 'Int', safeInteger: 'SafeInt', time: 'DateTime' } as const;

/** Returns the scalar type of a field, used in output and in filters. */
export function scalarOf({ kind }: Field): (typeof SCALARS)[keyof typeof SCALARS] {
  return SCALARS[kind];
}
