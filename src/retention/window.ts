import type { Plan } from '../config/plans.ts';
import { DAY_MS } from '../lib/time-units.ts';

/** From when on logs are in sight, in Unix milliseconds; null: all are. The one rule of retention. */
export function visibleFrom(plan: Plan, now: number): number | null {
  return plan.retentionDays === null ? null : now - plan.retentionDays * DAY_MS;
}

/**
 * From before when logs are deleted, in Unix milliseconds; null: none are.
 *
 * @param grace milliseconds for which a log is kept after it went out of sight.
 */
export function purgeBefore(plan: Plan, now: number, grace: number): number | null {
  const from = visibleFrom(plan, now);
  return from === null ? null : from - grace;
}
