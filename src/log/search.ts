import { foldCase } from '../lib/fold-case.ts';
import { anyOf, type Filter, MATCH_ALL } from './filter.ts';
import { REQUEST_ID_PREFIX } from './request-id.ts';

/** Matches logs whose path or request id contains the text, literally and ignoring case. Signa's `q` and GraphQL's `search`. */
export function searchFilter(text: string): Filter {
  return anyOf([{ op: 'contains', field: 'path', value: text }, requestIdContains(text)]);
}

/** Matches logs whose request id, in its shown form with `req_`, contains the text. */
export function requestIdContains(text: string): Filter {
  if (REQUEST_ID_PREFIX.includes(foldCase(text))) return MATCH_ALL;
  const overlappingPrefix = [...REQUEST_ID_PREFIX]
    .map((_, i) => requestIdPart(text, i))
    .filter((f) => f !== null);
  return anyOf([{ op: 'contains', field: 'requestId', value: text }, ...overlappingPrefix]);
}

/** Matches logs whose request id, in its shown form with `req_`, starts with the text. */
export function requestIdStartsWith(text: string): Filter {
  if (REQUEST_ID_PREFIX.startsWith(foldCase(text))) return MATCH_ALL;
  return requestIdPart(text, 0) ?? { op: 'or', filters: [] };
}

/**
 * Matches an occurrence of the text that begins at character `from` of the prefix and continues in the stored id. Null
 * if the text cannot begin there.
 */
function requestIdPart(text: string, from: number): Filter | null {
  const tail = REQUEST_ID_PREFIX.slice(from);
  if (!foldCase(text).startsWith(tail)) return null;
  return { op: 'startsWith', field: 'requestId', value: text.slice(tail.length) };
}
