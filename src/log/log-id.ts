import { hash } from 'node:crypto';
import { stringify, v7 } from 'uuid';

/**
 * Derives the id of a log: a UUIDv7 whose time part is `createdAt` and whose other bits are a hash of the organization
 * and the request id. A log that is sent again gets the same id.
 *
 * @param createdAt Unix milliseconds, 0 or more.
 * @param order position among the logs of the same millisecond, from 0; keeps imported lines in file order. Values
 *   above 4095 count as 4095.
 */
export function logId(createdAt: number, organizationId: string, requestId: string, order?: number): string {
  // Hashing to hexadecimal is several times faster in Node than hashing to a Buffer.
  const random = Buffer.from(hash('sha256', `${organizationId}\0${requestId}`), 'hex');
  const options = { msecs: createdAt, random: random.subarray(0, 16), seq: random.readUInt32BE(16) };
  if (order === undefined) return v7(options);
  const bytes = v7(options, Buffer.alloc(16));
  const bits = Math.min(order, 0xfff);
  bytes[6] = 0x70 | (bits >> 8);
  bytes[7] = bits & 0xff;
  return stringify(bytes);
}

/**
 * Below the ids of all logs from a time on, and above those of earlier logs. It is a UUID of another version, so no log has it.
 *
 * @param time Unix milliseconds.
 */
export function lowestIdAt(time: number): string {
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-1000-8000-000000000000`;
}

const LOG_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Returns whether the text has the form of a log id: a UUIDv7 in lower case. */
export function isLogId(text: string): boolean {
  return LOG_ID.test(text);
}

/** The time part of a log id, in Unix milliseconds. */
export function timeOfLogId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
