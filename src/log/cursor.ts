import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { parse as uuidBytes, stringify as uuidText } from 'uuid';
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
 *   16-21 sort key + 1 | 22-37 id of the log (holds createdAt) | 38-47 HMAC of all before it
 * It holds nothing but what its holder saw on the row itself.
 */
const VERSION = 1;
const SIGNED = 38;
const LENGTH = 48;
const KEY_OFFSET = 1;

/** Cursors of one question. `secret` is the installation's own: whoever lacks it cannot make a cursor. */
export function cursorsFor(secret: Buffer, use: CursorUse, options: CursorOptions): Cursors {
  const sortCode = SORT_FIELDS.indexOf(use.sort) * DIRECTIONS.length + DIRECTIONS.indexOf(use.direction);
  const question = createHash('sha256')
    .update(canonicalJson([use.organizationId, use.asked]))
    .digest();
  const head = Buffer.alloc(16);
  head[0] = VERSION;
  head[1] = sortCode;
  head.writeUIntBE(options.now, 2, 6);
  question.copy(head, 8, 0, 8);

  return {
    encode(position) {
      const bytes = Buffer.allocUnsafe(LENGTH);
      head.copy(bytes);
      bytes.writeUIntBE(position.sortValue + KEY_OFFSET, 16, 6);
      bytes.set(uuidBytes(position.id), 22);
      sign(secret, bytes).copy(bytes, SIGNED);
      return bytes.toString('base64url');
    },

    decode(cursor) {
      const bytes = Buffer.from(cursor, 'base64url');
      const authentic =
        bytes.length === LENGTH &&
        bytes.toString('base64url') === cursor &&
        timingSafeEqual(bytes.subarray(SIGNED), sign(secret, bytes)) &&
        bytes[0] === VERSION;
      if (!authentic) {
        throw badInput(
          'The cursor is malformed: pass a cursor of this server, whole and unchanged, or none to start.',
        );
      }
      if (bytes[1] !== sortCode || !bytes.subarray(8, 16).equals(head.subarray(8, 16))) {
        throw badInput(
          'The cursor was issued for another sort or filter: repeat the sort and filter it came from, or start without a cursor.',
        );
      }
      if (options.maxAge !== undefined && options.now - bytes.readUIntBE(2, 6) > options.maxAge) {
        throw new RelaylogError('CURSOR_EXPIRED', 'The cursor has expired: start again without a cursor.');
      }
      const id = uuidText(bytes, 22);
      return { sortValue: bytes.readUIntBE(16, 6) - KEY_OFFSET, createdAt: timeOfLogId(id), id };
    },
  };
}

function sign(secret: Buffer, bytes: Buffer): Buffer {
  return createHmac('sha256', secret)
    .update(bytes.subarray(0, SIGNED))
    .digest()
    .subarray(0, LENGTH - SIGNED);
}

/** JSON with sorted keys, so that the order in which a filter's fields were written does not matter. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
