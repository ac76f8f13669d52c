/**
 * A log's id as SQLite keeps it: its 16 bytes, the first six of which are `createdAt`. Their order (memcmp) is that of
 * `(createdAt, id)`, so that no table and no index repeats the time.
 */
export function idBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

const MAX_TIME = 2 ** 48 - 1;

/**
 * Lies before every id of this time and later, and behind every earlier one.
 *
 * @param time Unix milliseconds; one that no id can have stands for the nearest that one can.
 */
export function startOfTime(time: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(Math.min(Math.max(Math.ceil(time), 0), MAX_TIME), 0, 6);
  return bytes;
}

/** Whether a log can have this time. */
export function isTime(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_TIME;
}

/** Ids are written over one another, and read in one piece, as `whole` does. */
const digits = Buffer.alloc(32);
const written = Buffer.from('????????-????-????-????-????????????', 'latin1');
const DASH = '-'.charCodeAt(0);
const DIGIT_POSITIONS = Uint8Array.from(written.keys().filter((place) => written[place] !== DASH));

/** The id that these 32 hexadecimal digits are. */
export function idFromHex(hex: string): string {
  digits.write(hex, 'latin1');
  for (let i = 0; i < DIGIT_POSITIONS.length; i++) written[DIGIT_POSITIONS[i]!] = digits[i]!;
  return written.toString('latin1');
}

/** The time in these 32 hexadecimal digits of an id, in Unix milliseconds. */
export function timeFromHex(hex: string): number {
  return Number.parseInt(hex.slice(0, 12), 16);
}
