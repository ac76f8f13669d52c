import { flat } from '../lib/flat-string.ts';

const PREFIX = 'req_';

/** The stored form of a request id: without one leading `req_`. */
export function parseRequestId(shown: string): string {
  return shown.startsWith(PREFIX) ? shown.slice(PREFIX.length) : shown;
}

/** The form of a request id that all APIs return: with `req_`. */
export function formatRequestId(stored: string): string {
  return flat(PREFIX + stored);
}

export { PREFIX as REQUEST_ID_PREFIX };
