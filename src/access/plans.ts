import { z } from 'zod';

/** What an organization's plan grants. */
export interface Plan {
  readonly name: string;
  /** Logs older than this many days are out of sight of every reader; null: none are. */
  readonly retentionDays: number | null;
}

/** Plans by name. */
export type PlanTable = ReadonlyMap<string, Plan>;

const terms = z.strictObject({ retentionDays: z.int().min(1).max(36_500).nullable() });

/** What an operator may add to the table, or change in it: `{"gold": {"retentionDays": 365}}`. */
export const extraPlansSchema = z.record(z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/), terms);

const PLANS: z.output<typeof extraPlansSchema> = {
  free: { retentionDays: 7 },
  starter: { retentionDays: 30 },
  beta: { retentionDays: 90 },
  pro: { retentionDays: 90 },
  enterprise: { retentionDays: 90 },
  archive: { retentionDays: null },
};

/** The table of plans: ours, with the operator's own added. */
export function planTable(extra: z.output<typeof extraPlansSchema> = {}): PlanTable {
  return new Map(Object.entries({ ...PLANS, ...extra }).map(([name, plan]) => [name, { name, ...plan }]));
}

const DAY_MS = 86_400_000;

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
