import type { RelaylogError } from '../../log/errors.ts';
import { unavailable } from '../unavailable.ts';

/** SQLite result codes (sqlite.org/rescode.html) for problems that an operator can fix. */
const REASONS: Readonly<Record<number, string>> = {
  5: 'the database is locked by another process',
  6: 'the database is locked by another process',
  8: 'the database is read-only',
  10: 'a disk read or write failed',
  11: 'the database file is damaged; restore it from a backup',
  13: 'the disk is full',
  14: 'the database file cannot be opened',
  26: 'the file is not a Relaylog database',
  1299: 'the database file was changed by a newer version of Relaylog; update Relaylog',
};

/** The error for database contents that Relaylog cannot have written. */
export function damaged(cause?: unknown): RelaylogError {
  return unavailable(REASONS[11]!, cause);
}

/** Returns whether the error means that another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return ((codeOf(error) ?? 0) & 0xff) === 5;
}

/** Converts a known SQLite error to UNAVAILABLE with its reason, and returns any other error unchanged. The message contains no path. */
export function translateError(error: unknown): unknown {
  const code = codeOf(error);
  const reason = code === undefined ? undefined : (REASONS[code] ?? REASONS[code & 0xff]);
  return reason === undefined ? error : unavailable(reason, error);
}

/** The extended result code of a SQLite error; its lowest byte is the primary result code. */
function codeOf(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code : undefined;
}

/** Runs `read`, whose errors mean that the database is damaged: what cannot be read was not written by Relaylog. */
export function intact<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw damaged(error);
  }
}
