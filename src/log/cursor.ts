import { hash, timingSafeEqual } from 'node:crypto';
import { stringify as uuidText } from 'uuid';
import { canonicalFilter } from './canonical-filter.ts';
import { badInput, RelaylogError } from './errors.ts';
import type { Filter } from './filter.ts';
import { timeOfLogId } from './log-id.ts';
import { type Direction, type Position, SORTS, type SortField } from './sort.ts';

/** The query that a cursor is bound to. A cursor is rejected if it is used with any other query. */
export interface CursorUse {
  /** The API of the query. */
  readonly api: string;
  readonly organizationId: string;
  readonly sort: SortField;
  readonly direction: Direction;
  /**
   * The caller's own filter, compared by meaning (`canonicalFilter`). It has no bounds that depend on the time of the
   * request: those are computed from `startedAt`.
   */
  readonly requested: Filter;
}

/** A place in a walk over the pages of a query. */
interface WalkPosition<P extends Position | undefined = Position> {
  /** Undefined: the beginning. */
  readonly position: P;
  /**
   * When the first page of the walk was answered, in Unix milliseconds. The page after this position keeps the windows,
   * default or of the plan, that the first page had.
   */
  readonly startedAt: number;
}

export interface CursorOptions {
  /** Unix milliseconds. */
  readonly now: number;
  /** Maximum age of a cursor in milliseconds. Default: cursors do not expire. */
  readonly maxAge?: number;
}

/** Encodes and decodes the cursors of one query. */
export interface Cursors {
  encode(at: WalkPosition): string;
  /**
   * Without a cursor, returns the beginning of a walk that starts now.
   *
   * @throws RelaylogError BAD_USER_INPUT if the cursor is malformed, its signature is invalid or it was issued for
   *   another query; CURSOR_EXPIRED if it is older than `maxAge`.
   */
  decode(cursor: string | null | undefined): WalkPosition<Position | undefined>;
}

/*
 * An opaque, versioned, URL-safe string: 54 bytes as 72 characters of base64url.
 *   0 version | 1 sort and direction | 2-7 time of issue | 8-15 fingerprint of the query
 *   16-21 sort key + 1 | 22-37 id of the log (contains createdAt) | 38-43 start of the walk
 *   44-53 SHA-256 of the secret and bytes 0-43
 * A cursor contains only values that the caller has already seen in the row. A Relay page has a cursor in each row, so
 * the signature is one hash instead of the two of an HMAC. This is safe because the signed data has a fixed length,
 * which rules out length-extension attacks.
 */
const VERSION = 3;
const SIGNED = 44;
const LENGTH = 54;
const KEY_OFFSET = 1;

/**
 * Returns the cursors of one query.
 *
 * @param secret signs the cursors; one for each installation.
 */
export function cursorsFor(secret: Buffer, use: CursorUse, options: CursorOptions): Cursors {
  return new QueryCursors(secret, use, options);
}

class QueryCursors implements Cursors {
  readonly #secret: Buffer;
  readonly #use: CursorUse;
  readonly #options: CursorOptions;
  /** Eight bytes. Computed when it is first needed, because many requests neither send nor return a cursor. */
  #fingerprint: string | undefined;

  constructor(secret: Buffer, use: CursorUse, options: CursorOptions) {
    this.#secret = secret;
    this.#use = use;
    this.#options = options;
  }

  encode({ position: { sortValue, id }, startedAt }: WalkPosition): string {
    const { signed, bytes } = signingBuffer(this.#secret);
    // The leading bytes are the same for all cursors of one query, so they are written once.
    if (lastWriter !== this) {
      bytes[0] = VERSION;
      bytes[1] = this.#sortCode;
      bytes.writeUIntBE(this.#options.now, 2, 6);
      bytes.write(this.#requested, 8, 8, 'latin1');
      lastWriter = this;
    }
    bytes.writeUIntBE(sortValue + KEY_OFFSET, 16, 6);
    bytes.write(id.replaceAll('-', ''), 22, 'hex');
    bytes.writeUIntBE(startedAt, 38, 6);
    bytes.write(hash('sha256', signed, 'latin1'), SIGNED, LENGTH - SIGNED, 'latin1');
    return bytes.toString('base64url');
  }

  decode(cursor: string | null | undefined): WalkPosition<Position | undefined> {
    const { now, maxAge } = this.#options;
    if (cursor === null || cursor === undefined) return { position: undefined, startedAt: now };
    const sent = Buffer.from(cursor, 'base64url');
    const authentic =
      sent.length === LENGTH &&
      sent.toString('base64url') === cursor &&
      timingSafeEqual(sent.subarray(SIGNED), sign(this.#secret, sent)) &&
      sent[0] === VERSION;
    if (!authentic) {
      throw badInput(
        'The cursor is malformed: pass a cursor from this server unchanged, or omit it to start from the beginning.',
      );
    }
    if (sent[1] !== this.#sortCode || sent.toString('latin1', 8, 16) !== this.#requested) {
      throw badInput(
        'The cursor was issued for another sort or filter: use the same sort and filter as in the original request, or omit the cursor to start from the beginning.',
      );
    }
    if (maxAge !== undefined && now - sent.readUIntBE(2, 6) > maxAge) {
      throw new RelaylogError(
        'CURSOR_EXPIRED',
        'The cursor has expired: omit it to start from the beginning.',
      );
    }
    const id = uuidText(sent, 22);
    return {
      position: { sortValue: sent.readUIntBE(16, 6) - KEY_OFFSET, createdAt: timeOfLogId(id), id },
      startedAt: sent.readUIntBE(38, 6),
    };
  }

  get #sortCode(): number {
    const { sort, direction } = this.#use;
    return SORTS[sort].codes[direction];
  }

  get #requested(): string {
    const { api, organizationId, requested } = this.#use;
    this.#fingerprint ??= hash(
      'sha256',
      JSON.stringify([api, organizationId, canonicalFilter(requested)]),
      'latin1',
    ).slice(0, 8);
    return this.#fingerprint;
  }
}

/** Memory that is reused for each cursor. */
interface SigningBuffer {
  readonly secret: Buffer;
  /** The hash input: the secret, followed by the signed bytes of the cursor. Shares its memory with `bytes`. */
  readonly signed: Buffer;
  /** The cursor. */
  readonly bytes: Buffer;
}

let lastBuffer: SigningBuffer | undefined;
let lastWriter: QueryCursors | undefined;

function signingBuffer(secret: Buffer): SigningBuffer {
  if (lastBuffer?.secret === secret) return lastBuffer;
  const keyed = Buffer.concat([secret, Buffer.alloc(LENGTH)]);
  const signed = keyed.subarray(0, secret.length + SIGNED);
  lastBuffer = { secret, signed, bytes: keyed.subarray(secret.length) };
  lastWriter = undefined;
  return lastBuffer;
}

function sign(secret: Buffer, cursor: Buffer): Buffer {
  const digest = hash('sha256', Buffer.concat([secret, cursor.subarray(0, SIGNED)]), 'buffer');
  return digest.subarray(0, LENGTH - SIGNED);
}
