import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { foldCase } from '../../../lib/fold-case.ts';
import { raw } from './sql.ts';
import { textMatchSql } from './text-match.ts';

const ANY = [...'aAkKsSıIi1-]^[*?%_\\/', 'é', 'É', 'ſ', '\u212a', 'σ', 'ς', 'Σ', 'ẞ', 'ß', '日', '𐐀', '𐐨'];
const text = fc.string({ unit: fc.constantFrom(...ANY), maxLength: 8 });

it('a text contains or starts with another one in SQL if it does so folded', () => {
  const db = new DatabaseSync(':memory:');
  const matches = (op: 'contains' | 'startsWith', one: string, value: string) => {
    const { text: statement, values } = textMatchSql(raw('one.text'), op, value);
    const found = db
      .prepare(`SELECT ${statement} AS found FROM (SELECT ? AS text) AS one`)
      .get(...values, one);
    return found!.found === 1;
  };
  const check = (one: string, value: string) => {
    expect([one, value, matches('contains', one, value)]).toEqual([
      one,
      value,
      foldCase(one).includes(foldCase(value)),
    ]);
    expect(matches('startsWith', one, value)).toBe(foldCase(one).startsWith(foldCase(value)));
  };
  fc.assert(fc.property(text, text, check), { numRuns: 5_000 });
  const swapped = (part: string) =>
    [...part]
      .map((one) => ANY.find((other) => other !== one && foldCase(other) === foldCase(one)) ?? one)
      .join('');
  fc.assert(
    fc.property(text, text, text, (before, part, after) => check(before + part + after, swapped(part))),
    { numRuns: 5_000 },
  );
});
