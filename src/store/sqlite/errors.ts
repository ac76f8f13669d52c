import type { RelaylogError } from '../../log/errors.ts';
import { unavailable } from '../unavailable.ts';

/** Result codes of SQLite (sqlite.org/rescode.html) that an operator can do something about. */
const REASONS: Readonly<Record<number, string>> = {
  5: 'the database is locked by another process',
  6: 'the database is locked by another process',
  8: 'the database is read-only',
  10: 'the disk failed to read or write',
  11: 'the database file is damaged; restore it from a backup',
  13: 'the disk is full',
  14: 'the database file cannot be opened',
  26: 'the file is not a Relaylog database',
  1299: 'a newer Relaylog changed the database file; update this one',
};

/** The database holds what Relaylog cannot have written. */
export function damaged(cause?: unknown): RelaylogError {
  return unavailable(REASONS[11]!, cause);
}

/** Whether another connection has the lock. */
export function isBusy(error: unknown): boolean {
  return ((codeOf(error) ?? 0) & 0xff) === 5;
}

/** An error of SQLite as UNAVAILABLE with its reason; any other error as it is. The message names no path. */
export function translated(error: unknown): unknown {
  const code = codeOf(error);
  const reason = code === undefined ? undefined : (REASONS[code] ?? REASONS[code & 0xff]);
  return reason === undefined ? error : unavailable(reason, error);
}

/** The extended result code of an error of SQLite; its lowest byte is the primary one. */
function codeOf(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code : undefined;
}
