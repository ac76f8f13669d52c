import { foldCase } from '../lib/text.ts';
import { anyOf, EVERYTHING, type Filter } from './filter.ts';
import { REQUEST_ID_PREFIX } from './request-id.ts';

/** Logs whose path or request id holds the text, literally and without regard to case: Signa's `q`, GraphQL's `search`. */
export function searchFilter(text: string): Filter {
  return anyOf([{ op: 'contains', field: 'path', value: text }, requestIdContains(text)]);
}

/** Logs whose request id, as it is shown (with `req_`), holds the text. */
export function requestIdContains(text: string): Filter {
  if (REQUEST_ID_PREFIX.includes(foldCase(text))) return EVERYTHING;
  const acrossThePrefix = [...REQUEST_ID_PREFIX]
    .map((_, i) => requestIdPart(text, i))
    .filter((f) => f !== null);
  return anyOf([{ op: 'contains', field: 'requestId', value: text }, ...acrossThePrefix]);
}

/** Logs whose request id, as it is shown, starts with the text. */
export function requestIdStartsWith(text: string): Filter {
  if (REQUEST_ID_PREFIX.startsWith(foldCase(text))) return EVERYTHING;
  return requestIdPart(text, 0) ?? { op: 'or', filters: [] };
}

/** The text lies across the prefix from its character `from` on: what is left of it starts the stored id. */
function requestIdPart(text: string, from: number): Filter | null {
  const tail = REQUEST_ID_PREFIX.slice(from);
  if (!foldCase(text).startsWith(tail)) return null;
  return { op: 'startsWith', field: 'requestId', value: text.slice(tail.length) };
}
