import type { DatabaseSync } from 'node:sqlite';
import { raw } from './sql.ts';

/**
 * A condition that is always true, but throws once the search is stopped, or has read as many rows as it may: node:sqlite has no
 * other way to interrupt a statement. Put it before every condition that is checked for each row, because SQLite skips the
 * conditions after the first false one. It takes about 50 ns per row.
 */
export const STOP_CHECK = raw('relaylog_stop_check()');

/** How many rows the running search may still read. */
export interface RowBudget {
  rowsLeft: number;
}

/** Registers the function of `STOP_CHECK` with a connection. */
export function addStopCheck(db: DatabaseSync, isStopped: () => boolean, budget: RowBudget): void {
  db.function('relaylog_stop_check', { directOnly: true }, () => {
    if (isStopped()) throw new Error('The search was stopped.');
    if (--budget.rowsLeft < 0) throw new Error('The search may read no more rows.');
    return 1;
  });
}
