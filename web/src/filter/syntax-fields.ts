import { FIELDS, type LogField } from '../../../src/log/fields.ts';
import type { Condition } from './condition.ts';
import { FIELD_NAMES, OTHER_FIELDS } from './syntax-names.ts';

export type SyntaxKind = 'text' | 'integer' | 'safeInteger' | 'time' | 'duration' | 'statusClass' | 'outcome';

/** A field of the typed syntax. */
export interface SyntaxField {
  /** Name in the API. */
  readonly field: Condition['field'];
  /** The name that texts are written with. */
  readonly name: string;
  /** Other names that are read. */
  readonly aliases: readonly string[];
  readonly kind: SyntaxKind;
  readonly description: string;
}

const logField = (field: LogField): SyntaxField => {
  const [name, ...aliases] = FIELD_NAMES[field];
  const { kind, description } = FIELDS[field];
  return { field, name, aliases, kind: field === 'durationMs' ? 'duration' : kind, description };
};

/** The fields of the typed syntax, those that are used most first. */
export const SYNTAX_FIELDS: readonly SyntaxField[] = [
  ...(Object.keys(FIELD_NAMES) as LogField[]).map(logField),
  ...OTHER_FIELDS,
];

const BY_FIELD = new Map(SYNTAX_FIELDS.map((field) => [field.field, field]));

const keyOf = (name: string) => name.toLowerCase().replaceAll(/[_.-]/g, '');
const BY_NAME = new Map(
  SYNTAX_FIELDS.flatMap((field) =>
    [field.field, field.name, ...field.aliases].map((name) => [keyOf(name), field] as const),
  ),
);

/** @param field name in the API. */
export const syntaxFieldOf = (field: Condition['field']): SyntaxField => BY_FIELD.get(field)!;

/** @param name any name of a field; its case and the characters `_`, `-` and `.` do not matter. */
export const findSyntaxField = (name: string): SyntaxField | undefined => BY_NAME.get(keyOf(name));

/** The name of a field that is most like this one; undefined if none is like it. */
export function closestName(name: string): string | undefined {
  const key = keyOf(name);
  let closest: string | undefined;
  let least = Math.max(2, Math.ceil(key.length / 2));
  for (const [known, field] of BY_NAME) {
    const isPart = key.length >= 3 && (known.includes(key) || key.includes(known));
    const distance = isPart ? 1 : editDistance(key, known);
    if (distance >= least) continue;
    least = distance;
    closest = field.name;
  }
  return closest;
}

/** The number of characters to insert, delete or replace (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
