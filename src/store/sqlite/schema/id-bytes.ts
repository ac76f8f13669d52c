/**
 * A log's id as stored in SQLite: its 16 bytes, of which the first six are `createdAt`. Their order (memcmp) equals the order
 * of `(createdAt, id)`, so no table or index stores the time separately.
 */
export function idBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

const MAX_TIME = 2 ** 48 - 1;

/**
 * The lower bound of all ids from this time on; ids of earlier times are below it.
 *
 * @param time Unix milliseconds; rounded up, and clamped to the range that an id can hold.
 */
export function startOfTime(time: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(Math.min(Math.max(Math.ceil(time), 0), MAX_TIME), 0, 6);
  return bytes;
}

/** The first three bytes of all ids of a time block; see `timeBlockOf`. */
export function timeBlockBytes(block: number): Buffer {
  const bytes = Buffer.alloc(3);
  bytes.writeUIntBE(block, 0, 3);
  return bytes;
}

/** Returns whether an id can hold this time. */
export function isTime(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_TIME;
}

/** A reused buffer: an id is written here and then decoded as one flat string, which is faster than joining parts. */
const digits = Buffer.alloc(32);
const written = Buffer.from('????????-????-????-????-????????????', 'latin1');
const DASH = '-'.charCodeAt(0);
const DIGIT_POSITIONS = Uint8Array.from(written.keys().filter((position) => written[position] !== DASH));

/** Formats 32 hexadecimal digits as an id, with dashes. */
export function idFromHex(hex: string): string {
  digits.write(hex, 'latin1');
  for (let i = 0; i < DIGIT_POSITIONS.length; i++) written[DIGIT_POSITIONS[i]!] = digits[i]!;
  return written.toString('latin1');
}

/** The time of an id, given as 32 hexadecimal digits, in Unix milliseconds. */
export function timeFromHex(hex: string): number {
  return Number.parseInt(hex.slice(0, 12), 16);
}

/** The time of an id, given as its bytes, in Unix milliseconds. */
export function timeFromBytes(id: Buffer): number {
  return id.readUIntBE(0, 6);
}
