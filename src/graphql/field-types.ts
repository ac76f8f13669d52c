import type { Field } from '../log/fields.ts';

const SCALARS = { text: 'String', integer: 'Int', safeInteger: 'SafeInt', time: 'DateTime' } as const;

/** The scalar that shows a field and takes its values in filters. */
export function scalarOf({ kind }: Field): (typeof SCALARS)[keyof typeof SCALARS] {
  return SCALARS[kind];
}
