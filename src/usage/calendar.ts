import { DAY_MS } from '../lib/time-units.ts';

/** Months for which the ledger keeps the usage of deleted logs, in addition to the current one. */
const LEDGER_MONTHS = 13;

/** The calendar month of a time, in UTC. Unix milliseconds; `to` is exclusive. */
export function billingPeriod(now: number): { readonly from: number; readonly to: number } {
  return { from: startOfMonth(now, 0), to: startOfMonth(now, 1) };
}

/** The day of a time, in days since 1970-01-01 UTC. @param time Unix milliseconds. */
export function dayOf(time: number): number {
  return Math.floor(time / DAY_MS);
}

/** The first day that the ledger keeps, in days since 1970-01-01 UTC. */
export function firstLedgerDay(now: number): number {
  return dayOf(startOfMonth(now, -LEDGER_MONTHS));
}

function startOfMonth(now: number, months: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
}
