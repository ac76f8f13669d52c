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
 * A client cannot hit the moving start of the window exactly. For this long, the pages of a walk keep the window of its
 * first page; and a time range may start this long before the window. In milliseconds.
 */
const TOLERANCE_MS = DAY_MS;

/**
 * Returns the start of the retention window for a page of a walk. It is the window of the first page, so no log leaves the
 * walk between two pages, and a page that says that more follow is right. A walk that takes longer than a day has the
 * current window from then on. In Unix milliseconds; null if all logs are visible.
 *
 * @param startedAt when the first page was answered, in Unix milliseconds.
 */
export function visibleInWalk(plan: Plan, startedAt: number, now: number): number | null {
  return visibleFrom(plan, now - startedAt > TOLERANCE_MS ? now : startedAt);
}

/** Returns the start of the longest window that any walk can have now. In Unix milliseconds; null if all logs are visible. */
export function visibleInAnyWalk(plan: Plan, now: number): number | null {
  return visibleFrom(plan, now - TOLERANCE_MS);
}

/**
 * Returns whether the plan refuses a time range that starts at `from`: it starts a day or more before the retention window.
 * A range that starts less than a day before the window is answered from the window on.
 *
 * @param from Unix milliseconds.
 * @param now time for which the window is computed, in Unix milliseconds.
 */
export function exceedsWindow(plan: Plan, from: number, now: number): boolean {
  const start = visibleFrom(plan, now);
  return start !== null && from <= start - TOLERANCE_MS;
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
