import type { CodedText } from './coded-text.ts';
import { redactFreeText } from './free-text.ts';
import type { Search } from './search.ts';

const START =
  /^\s{0,64}(?:(?:query|mutation|subscription)(?:\s+\w{1,128})?\s*[({@]|fragment\s+\w{1,128}\s+on\s|\{\s*\w)/;

/** Whether a text begins as a GraphQL document does. */
export function isGraphql(text: string): boolean {
  return START.test(text.length > 512 ? text.slice(0, 512) : text);
}

/**
 * Redacts a GraphQL document: the arguments and fields of inputs that have secret names, and the defaults of variables.
 * These are names with values in quotes, block quotes or braces, so free text has their rules; but no value of a GraphQL
 * document goes on to the end of its line.
 */
export function redactGraphql(text: CodedText, search: Search, cut: boolean): string {
  return redactFreeText(text, search, cut, 'document');
}
