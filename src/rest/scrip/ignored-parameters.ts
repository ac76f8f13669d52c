import { scripListParameters } from './parameters.ts';

export const SCRIP_LIST_PATH = '/v1/logs';
const LIST_PARAMETERS: ReadonlySet<string> = new Set(Object.keys(scripListParameters.shape));
/** No other path has query parameters. */
const NO_PARAMETERS: ReadonlySet<string> = new Set();
const NONE = {};
/** Maximum length of the header in characters. Longer lists end with an ellipsis. */
const MAX_LENGTH = 1_000;

/**
 * Returns the header `X-Ignored-Parameters`: the names of the query parameters that the endpoint does not have, each once,
 * percent-encoded and separated by commas. No header if there are none.
 */
export function ignoredParameters(url: string): Readonly<Record<string, string>> {
  if (!url.includes('?')) return NONE;
  const { pathname, searchParams } = new URL(url);
  const known = pathname === SCRIP_LIST_PATH ? LIST_PARAMETERS : NO_PARAMETERS;
  const ignored = [...new Set(searchParams.keys())].filter((name) => !known.has(name));
  if (ignored.length === 0) return NONE;
  const names = ignored.map((name) => (name === '' ? '""' : encodeURIComponent(name))).join(', ');
  return {
    'x-ignored-parameters':
      names.length <= MAX_LENGTH ? names : `${names.slice(0, MAX_LENGTH).replace(/[^ ]*$/, '')}...`,
  };
}
