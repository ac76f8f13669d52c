import { randomFillSync } from 'node:crypto';
import { ulid } from 'ulid';
import { shownRequestId } from '../log/request-id.ts';

const SANE = /^[\w.:-]{1,64}$/;

/**
 * The id of a call: the client's own from `X-Request-Id` where `keep` allows it and it has at most 64 characters of
 * `A-Z a-z 0-9 _ . : -`; otherwise a new one, `req_` and a ULID.
 *
 * @param now Unix milliseconds.
 */
export function requestIdOf(headers: Headers, keep: boolean, now: number): string {
  const sent = keep ? headers.get('x-request-id') : null;
  return sent !== null && SANE.test(sent) ? sent : shownRequestId(ulid(now, fraction));
}

const pool = new Uint8Array(4096);
let next = pool.length;

/** Random, 0 to less than 1, from bytes that are made many at a time: one call for each would cost more than the log line. */
function fraction(): number {
  if (next === pool.length) {
    randomFillSync(pool);
    next = 0;
  }
  return pool[next++]! / 256;
}
