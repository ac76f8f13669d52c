import { hash, timingSafeEqual } from 'node:crypto';
import { stringify as uuidText } from 'uuid';
import { badInput, RelaylogError } from './errors.ts';
import { timeOfLogId } from './log-id.ts';
import { DIRECTIONS, type Direction, type Position, SORT_FIELDS, type SortField } from './sort.ts';

/** What a cursor is good for; used for anything else it is refused. */
export interface CursorUse {
  readonly organizationId: string;
  readonly sort: SortField;
  readonly direction: Direction;
  /** The caller's own filter as it was asked (JSON), before defaults that move with the clock. */
  readonly asked: unknown;
}

export interface CursorOptions {
  /** Unix milliseconds. */
  readonly now: number;
  /** Refuse cursors issued longer ago than this, in milliseconds; without it they do not expire. */
  readonly maxAge?: number;
}

/** Writes and reads the cursors of one question. */
export interface Cursors {
  encode(position: Position): string;
  /** @throws RelaylogError BAD_USER_INPUT where the cursor is not ours or not for this question; CURSOR_EXPIRED. */
  decode(cursor: string): Position;
}

/*
 * Opaque, versioned, URL-safe text: 48 bytes as 64 characters of base64url.
 *   0 version | 1 sort and direction | 2-7 time of issue | 8-15 fingerprint of the question
 *   16-21 sort key + 1 | 22-37 id of the log (holds createdAt) | 38-47 SHA-256 of the secret and all before it
 * It holds nothing but what its holder saw on the row itself. A page for Relay has a cursor in each row, so that hash is
 * one call, where an HMAC is two: what it signs is always of one length, so that nobody can lengthen it.
 */
const VERSION = 2;
const SIGNED = 38;
const LENGTH = 48;
const KEY_OFFSET = 1;

/** Cursors of one question. `secret` is the installation's own: whoever lacks it cannot make a cursor. */
export function cursorsFor(secret: Buffer, use: CursorUse, options: CursorOptions): Cursors {
  const sortCode = SORT_FIELDS.indexOf(use.sort) * DIRECTIONS.length + DIRECTIONS.indexOf(use.direction);
  // The secret and a cursor behind it, each cursor written over the one before; made for the first one, as most pages
  // are asked for without any.
  let prepared: { signed: Buffer; bytes: Buffer } | undefined;
  function prepare() {
    const keyed = Buffer.concat([secret, Buffer.alloc(LENGTH)]);
    const bytes = keyed.subarray(secret.length);
    bytes[0] = VERSION;
    bytes[1] = sortCode;
    bytes.writeUIntBE(options.now, 2, 6);
    hash('sha256', canonicalJson([use.organizationId, use.asked]), 'buffer').copy(bytes, 8, 0, 8);
    return { signed: keyed.subarray(0, secret.length + SIGNED), bytes };
  }

  return {
    encode(position) {
      prepared ??= prepare();
      const { signed, bytes } = prepared;
      bytes.writeUIntBE(position.sortValue + KEY_OFFSET, 16, 6);
      bytes.write(position.id.replaceAll('-', ''), 22, 'hex');
      bytes.write(hash('sha256', signed, 'latin1'), SIGNED, LENGTH - SIGNED, 'latin1');
      return bytes.toString('base64url');
    },

    decode(cursor) {
      prepared ??= prepare();
      const sent = Buffer.from(cursor, 'base64url');
      const authentic =
        sent.length === LENGTH &&
        sent.toString('base64url') === cursor &&
        timingSafeEqual(sent.subarray(SIGNED), sign(secret, sent)) &&
        sent[0] === VERSION;
      if (!authentic) {
        throw badInput(
          'The cursor is malformed: pass a cursor of this server, whole and unchanged, or none to start.',
        );
      }
      if (sent[1] !== sortCode || !sent.subarray(8, 16).equals(prepared.bytes.subarray(8, 16))) {
        throw badInput(
          'The cursor was issued for another sort or filter: repeat the sort and filter it came from, or start without a cursor.',
        );
      }
      if (options.maxAge !== undefined && options.now - sent.readUIntBE(2, 6) > options.maxAge) {
        throw new RelaylogError('CURSOR_EXPIRED', 'The cursor has expired: start again without a cursor.');
      }
      const id = uuidText(sent, 22);
      return { sortValue: sent.readUIntBE(16, 6) - KEY_OFFSET, createdAt: timeOfLogId(id), id };
    },
  };
}

function sign(secret: Buffer, cursor: Buffer): Buffer {
  const digest = hash('sha256', Buffer.concat([secret, cursor.subarray(0, SIGNED)]), 'buffer');
  return digest.subarray(0, LENGTH - SIGNED);
}

/** JSON with sorted keys, so that the order in which a filter's fields were written does not matter. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
