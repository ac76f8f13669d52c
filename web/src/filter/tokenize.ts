import type { Span } from './condition.ts';

/** A value as it is written. */
export interface TokenValue extends Span {
  /** Without quotes and escapes. */
  readonly text: string;
  readonly isQuoted: boolean;
}

/** A condition as it is written: `-name:>value,value`, or a value alone. */
export interface Token extends Span {
  readonly isNegated: boolean;
  /** Null for a value alone. */
  readonly name: (Span & { readonly text: string }) | null;
  /** `>`, `>=`, `<`, `<=`, `~`, `^` or nothing. */
  readonly operator: string;
  /** At least one. */
  readonly values: readonly TokenValue[];
  /** The last value begins with a quotation mark and has no second one. Only the last token can have this. */
  readonly isUnclosed: boolean;
}

const NAME = /([-!]?)([A-Za-z][\w.-]*):/y;
const OPERATOR = />=|<=|[><~^]|/y;
const QUOTED = /"((?:[^"\\]|\\.)*)(\\?"?)/sy;
const ESCAPE = /\\(u[0-9a-fA-F]{4}|[nrt"\\])/g;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
const WORD = /\S+/y;
const LIST_ITEM = /[^\s,]*/y;

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/** Whether the text, unquoted, would be read as a condition on a field. */
export const startsWithName = (text: string): boolean => matchAt(NAME, text, 0) !== null;

/** Divides a text into conditions. Each character that is not white space is part of one. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += matchAt(/\s*/y, text, at)![0].length;
    if (at >= text.length) return tokens;
    const token = readToken(text, at);
    tokens.push(token);
    at = token.end;
  }
}

function readToken(text: string, start: number): Token {
  const name = matchAt(NAME, text, start);
  if (name === null) {
    const isNegated = text[start] === '-' && /\S/.test(text[start + 1] ?? '');
    const value = readValue(text, isNegated ? start + 1 : start, WORD);
    return { start, isNegated, name: null, operator: '', ...endOf([value]) };
  }
  const [all, sign, nameText] = name as unknown as [string, string, string];
  const nameStart = start + sign.length;
  const operator = matchAt(OPERATOR, text, start + all.length)![0];
  const values = [readValue(text, start + all.length + operator.length, LIST_ITEM)];
  while (!values.at(-1)!.isUnclosed && text[values.at(-1)!.end] === ',')
    values.push(readValue(text, values.at(-1)!.end + 1, LIST_ITEM));
  return {
    start,
    isNegated: sign !== '',
    name: { text: nameText, start: nameStart, end: nameStart + nameText.length },
    operator,
    ...endOf(values),
  };
}

const endOf = (values: readonly (TokenValue & { isUnclosed: boolean })[]) => ({
  end: values.at(-1)!.end,
  isUnclosed: values.at(-1)!.isUnclosed,
  values,
});

function readValue(text: string, start: number, plain: RegExp) {
  const quoted = matchAt(QUOTED, text, start);
  if (quoted === null) {
    const word = matchAt(plain, text, start)![0];
    return { text: word, isQuoted: false, isUnclosed: false, start, end: start + word.length };
  }
  const [all, content, close] = quoted as unknown as [string, string, string];
  return {
    text: content.replaceAll(ESCAPE, (_, code: string) =>
      code.length === 5 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (ESCAPED[code] ?? code),
    ),
    isQuoted: true,
    isUnclosed: close !== '"',
    start,
    end: start + all.length,
  };
}
