import { caseVariants } from '../../../lib/fold-case.ts';
import { type Sql, sql } from './sql.ts';

/**
 * Whether a text contains or starts with another one, ignoring case. `LIKE` folds the letters A to Z only, but `GLOB` takes four to
 * seven times as long. So `_` stands for a character with other variants, and `GLOB` decides about it if all others match.
 *
 * @param value at most a few thousand characters: SQLite accepts patterns of 50,000 bytes.
 */
export function textMatchSql(text: Sql, op: 'contains' | 'startsWith', value: string): Sql {
  const characters = [...value].map((character) => ({ character, variants: caseVariants(character) }));
  const like = characters.map(({ character, variants }) =>
    isFoldedByLike(variants) ? escaped(character) : '_',
  );
  const matches = sql`${text} LIKE ${pattern(op, like, '%')} ESCAPE ${ESCAPE}`;
  if (characters.every(({ variants }) => isFoldedByLike(variants))) return matches;
  const glob = characters.map(({ character, variants }) =>
    variants.length > 1 || '*?['.includes(character) ? `[${variants.join('')}]` : character,
  );
  return sql`(${matches} AND ${text} GLOB ${pattern(op, glob, '*')})`;
}

const ESCAPE = '\\';

function pattern(op: 'contains' | 'startsWith', parts: readonly string[], any: string): string {
  return `${op === 'contains' ? any : ''}${parts.join('')}${any}`;
}

function isFoldedByLike(variants: readonly string[]): boolean {
  return variants.length === 1 || variants.every((variant) => variant < '\x80');
}

function escaped(character: string): string {
  return '%_\\'.includes(character) ? ESCAPE + character : character;
}
