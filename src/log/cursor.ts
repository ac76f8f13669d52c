import { hash, timingSafeEqual } from 'node:crypto';
import { stringify as uuidText } from 'uuid';
import { badInput, RelaylogError } from './errors.ts';
import { timeOfLogId } from './log-id.ts';
import { type Direction, type Position, SORTS, type SortField } from './sort.ts';

/** What a cursor is good for; used for anything else it is refused. */
export interface CursorUse {
  readonly organizationId: string;
  readonly sort: SortField;
  readonly direction: Direction;
  /** The caller's own filter as it was asked (JSON), before defaults that move with the clock. */
  readonly requested: unknown;
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
  /** @throws RelaylogError BAD_USER_INPUT if the cursor is not ours or not for this question; CURSOR_EXPIRED. */
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
  return new QuestionCursors(secret, use, options);
}

class QuestionCursors implements Cursors {
  readonly #secret: Buffer;
  readonly #use: CursorUse;
  readonly #options: CursorOptions;
  /** Eight bytes; made for the first cursor, as most pages are asked for without any. */
  #fingerprint: string | undefined;

  constructor(secret: Buffer, use: CursorUse, options: CursorOptions) {
    this.#secret = secret;
    this.#use = use;
    this.#options = options;
  }

  encode({ sortValue, id }: Position): string {
    const { signed, bytes } = signingBuffer(this.#secret);
    // What the cursors of one question begin with is written once.
    if (writer !== this) {
      bytes[0] = VERSION;
      bytes[1] = this.#sortCode;
      bytes.writeUIntBE(this.#options.now, 2, 6);
      bytes.write(this.#requested, 8, 8, 'latin1');
      writer = this;
    }
    bytes.writeUIntBE(sortValue + KEY_OFFSET, 16, 6);
    bytes.write(id.replaceAll('-', ''), 22, 'hex');
    bytes.write(hash('sha256', signed, 'latin1'), SIGNED, LENGTH - SIGNED, 'latin1');
    return bytes.toString('base64url');
  }

  decode(cursor: string): Position {
    const sent = Buffer.from(cursor, 'base64url');
    const authentic =
      sent.length === LENGTH &&
      sent.toString('base64url') === cursor &&
      timingSafeEqual(sent.subarray(SIGNED), sign(this.#secret, sent)) &&
      sent[0] === VERSION;
    if (!authentic) {
      throw badInput(
        'The cursor is malformed: pass a cursor of this server, whole and unchanged, or none to start.',
      );
    }
    if (sent[1] !== this.#sortCode || sent.toString('latin1', 8, 16) !== this.#requested) {
      throw badInput(
        'The cursor was issued for another sort or filter: repeat the sort and filter it came from, or start without a cursor.',
      );
    }
    const { now, maxAge } = this.#options;
    if (maxAge !== undefined && now - sent.readUIntBE(2, 6) > maxAge) {
      throw new RelaylogError('CURSOR_EXPIRED', 'The cursor has expired: start again without a cursor.');
    }
    const id = uuidText(sent, 22);
    return { sortValue: sent.readUIntBE(16, 6) - KEY_OFFSET, createdAt: timeOfLogId(id), id };
  }

  get #sortCode(): number {
    const { sort, direction } = this.#use;
    return SORTS[sort].codes[direction];
  }

  get #requested(): string {
    const { organizationId, requested } = this.#use;
    this.#fingerprint ??= hash('sha256', canonicalJson([organizationId, requested]), 'latin1').slice(0, 8);
    return this.#fingerprint;
  }
}

/** Where cursors are written, each over the one before. */
interface SigningBuffer {
  readonly secret: Buffer;
  /** The secret and behind it, in the same memory, what a cursor signs. */
  readonly signed: Buffer;
  readonly bytes: Buffer;
}

let lastBuffer: SigningBuffer | undefined;
let writer: QuestionCursors | undefined;

function signingBuffer(secret: Buffer): SigningBuffer {
  if (lastBuffer?.secret === secret) return lastBuffer;
  const keyed = Buffer.concat([secret, Buffer.alloc(LENGTH)]);
  const signed = keyed.subarray(0, secret.length + SIGNED);
  lastBuffer = { secret, signed, bytes: keyed.subarray(secret.length) };
  writer = undefined;
  return lastBuffer;
}

function sign(secret: Buffer, cursor: Buffer): Buffer {
  const digest = hash('sha256', Buffer.concat([secret, cursor.subarray(0, SIGNED)]), 'buffer');
  return digest.subarray(0, LENGTH - SIGNED);
}

/** JSON with sorted keys, so that the order in which a filter's fields were written does not matter. */
function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null || value instanceof Date) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  const fields = Object.entries(value).filter(([, part]) => part !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, part]) => `${JSON.stringify(name)}:${canonicalJson(part)}`).join()}}`;
}
