import type { Span } from '../filter/condition.ts';
import { parse } from '../filter/parse-query.ts';
import { findSyntaxField, SYNTAX_FIELDS, type SyntaxField } from '../filter/syntax-fields.ts';
import { type Token, tokenize } from '../filter/tokenize.ts';

/** What is being written at the caret, and the part of the text that a suggestion replaces. */
export type Completion =
  | ({ readonly kind: 'name'; readonly written: string; readonly hasColon: boolean } & Span)
  | ({
      readonly kind: 'value';
      readonly field: SyntaxField;
      readonly operator: string;
      /** Without quotes. */
      readonly written: string;
      /** The other values of the same condition. */
      readonly siblings: readonly string[];
      readonly token: Token;
    } & Span);

const NAME_START = /^([A-Za-z][\w.-]*)?$/;

/** @returns null where nothing can be suggested. */
export function completionAt(text: string, caret: number): Completion | null {
  const token = tokenize(text).findLast(({ start, end }) => start <= caret && caret <= end);
  if (token === undefined) return { kind: 'name', written: '', hasColon: false, start: caret, end: caret };
  const { name, values } = token;
  if (name === null || caret <= name.end) {
    const { start, end } = name ?? values[0]!;
    const written = text.slice(start, caret);
    if (caret < start || !NAME_START.test(written)) return null;
    return { kind: 'name', written, hasColon: name !== null, start, end };
  }
  const field = findSyntaxField(name.text);
  const value = values.find(({ start, end }) => start <= caret && caret <= end);
  if (field === undefined || value === undefined) return null;
  return {
    kind: 'value',
    field,
    operator: token.operator,
    written: value.text,
    siblings: values.filter((one) => one !== value).map((one) => one.text),
    token,
    start: value.start,
    end: value.end,
  };
}

/**
 * Whether what is being written at the caret is not worth asking for yet: it is not valid, or could become the name of a
 * field.
 */
export function isUnfinished(text: string, caret: number): boolean {
  const isAt = ({ start, end }: Span) => start <= caret && caret <= end;
  if (parse(text).problems.some(isAt)) return true;
  const completion = completionAt(text, caret);
  return completion?.kind === 'name' && completion.written !== '' && isBeginningOfName(completion.written);
}

const isBeginningOfName = (written: string) =>
  SYNTAX_FIELDS.some(({ name, field, aliases }) =>
    [name, field, ...aliases].some((one) => one.toLowerCase().startsWith(written.toLowerCase())),
  );
