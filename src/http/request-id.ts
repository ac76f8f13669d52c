import { randomFillSync } from 'node:crypto';
import { ulid } from 'ulid';
import { formatRequestId } from '../log/request-id.ts';

const VALID_ID = /^[\w.:-]{1,64}$/;

/**
 * Returns the id of a request: the client's `X-Request-Id` if it has 1 to 64 characters of `A-Z a-z 0-9 _ . : -`, otherwise
 * a new one, `req_` and a ULID.
 *
 * @param acceptsClientId whether the client's id is accepted.
 * @param now Unix milliseconds.
 */
export function requestIdOf(headers: Headers, acceptsClientId: boolean, now: number): string {
  const sent = acceptsClientId ? headers.get('x-request-id') : null;
  return sent !== null && VALID_ID.test(sent) ? sent : formatRequestId(ulid(now, random));
}

const pool = new Uint8Array(4096);
let next = pool.length;

/**
 * Returns a random number in [0, 1). Random bytes are generated in blocks, because one call per byte would take longer than
 * writing the log line.
 */
function random(): number {
  if (next === pool.length) {
    randomFillSync(pool);
    next = 0;
  }
  return pool[next++]! / 256;
}
