import type { Plan } from '../config/plans.ts';
import { DAY_MS } from '../lib/time-units.ts';

/**
 * Returns the start of the retention window: only logs from this time on are visible. In Unix milliseconds; null if all logs
 * are visible.
 */
export function visibleFrom(plan: Plan, now: number): number | null {
  return plan.retentionDays === null ? null : now - plan.retentionDays * DAY_MS;
}

/**
 * Returns the time before which logs are deleted, in Unix milliseconds; null if no logs are deleted.
 *
 * @param grace how long a log is kept after its retention period ends, in milliseconds.
 */
export function purgeBefore(plan: Plan, now: number, grace: number): number | null {
  const from = visibleFrom(plan, now);
  return from === null ? null : from - grace;
}
