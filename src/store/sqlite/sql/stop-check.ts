import type { DatabaseSync } from 'node:sqlite';
import { raw } from './sql.ts';

/**
 * A condition that is always true, and fails the statement once it is to stop: node:sqlite can be interrupted in no
 * other way. It comes before every condition that is checked row by row, as SQLite stops at the first that is false. It
 * takes about 50 ns a row.
 */
export const STOP_CHECK = raw('relaylog_stop_check()');

/** Makes STOP_CHECK known to a connection. */
export function addStopCheck(db: DatabaseSync, isStopped: () => boolean): void {
  db.function('relaylog_stop_check', { directOnly: true }, () => {
    if (isStopped()) throw new Error('The search was stopped.');
    return 1;
  });
}
