import { whole } from '../lib/flat-string.ts';

const PREFIX = 'req_';

/** The request id as it is stored: without one leading `req_`. */
export function storedRequestId(shown: string): string {
  return shown.startsWith(PREFIX) ? shown.slice(PREFIX.length) : shown;
}

/** The request id as every API shows it: with `req_`. */
export function shownRequestId(stored: string): string {
  return whole(PREFIX + stored);
}

export { PREFIX as REQUEST_ID_PREFIX };
