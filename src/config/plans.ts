import { z } from 'zod';
import { DEFAULT_RATES, type PlanRates, planRatesSchema } from './rate-variables.ts';

/** What an organization's plan grants. */
export interface Plan {
  readonly name: string;
  /** Logs older than this many days are out of sight of every reader; null: none are. */
  readonly retentionDays: number | null;
  /** How much an organization may ask of each API. */
  readonly rates: PlanRates;
}

/** Plans by name. */
export type PlanTable = ReadonlyMap<string, Plan>;

const PLANS: Readonly<Record<string, Pick<Plan, 'retentionDays'>>> = {
  free: { retentionDays: 7 },
  starter: { retentionDays: 30 },
  beta: { retentionDays: 90 },
  pro: { retentionDays: 90 },
  enterprise: { retentionDays: 90 },
  archive: { retentionDays: null },
};

const terms = z.strictObject({
  retentionDays: z.int().min(1).max(36_500).nullable().optional(),
  limits: planRatesSchema.optional(),
});

/** What an operator may add to the table, or change in it: `{"gold": {"retentionDays": 365, "limits": {"scripBurst": 90}}}`. */
export const extraPlansSchema = z
  .record(z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/), terms)
  .superRefine((plans, context) => {
    for (const [name, { retentionDays }] of Object.entries(plans)) {
      if (retentionDays !== undefined || Object.hasOwn(PLANS, name)) continue;
      context.addIssue({ code: 'custom', message: 'a new plan needs retentionDays', path: [name] });
    }
  });

/**
 * The table of plans: ours, with the operator's own added; what one does not say, it has from ours of its name.
 *
 * @param rates of plans that say nothing else.
 */
export function planTable(
  extra: z.output<typeof extraPlansSchema> = {},
  rates: PlanRates = DEFAULT_RATES,
): PlanTable {
  const plans: Plan[] = Object.keys({ ...PLANS, ...extra }).map((name) => {
    const { retentionDays = PLANS[name]?.retentionDays ?? null, limits } = extra[name] ?? {};
    return { name, retentionDays, rates: { ...rates, ...limits } };
  });
  return new Map(plans.map((plan) => [plan.name, plan]));
}
