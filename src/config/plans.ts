import { z } from 'zod';
import { TEXT_LENGTH } from '../log/fields.ts';
import { DEFAULT_RATES, type PlanRates, planRatesSchema } from './rate-variables.ts';

/** The retention, quotas and rate limits of a plan. */
export interface Plan {
  readonly name: string;
  /** Logs older than this many days are not visible in any API. Null: unlimited retention. */
  readonly retentionDays: number | null;
  /** Billed units of an organization in a calendar month. Null: unlimited; 0: none. A quota is shown, not enforced. */
  readonly quota: number | null;
  /** The same, by endpoint type. */
  readonly quotas: ReadonlyMap<string, number | null>;
  /** Rate limits of an organization on this plan, for each API. */
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

const quota = z.int().min(0).nullable();

const terms = z.strictObject({
  retentionDays: z.int().min(1).max(36_500).nullable().optional(),
  quota: quota.optional(),
  quotas: z.record(z.string().min(1).max(TEXT_LENGTH.short), quota).optional(),
  limits: planRatesSchema.optional(),
});

/** Plans that an operator adds or changes: `{"gold": {"retentionDays": 365, "quota": 100000, "limits": {"scripBurst": 90}}}`. */
export const extraPlansSchema = z
  .record(z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/), terms)
  .superRefine((plans, context) => {
    for (const [name, { retentionDays }] of Object.entries(plans)) {
      if (retentionDays !== undefined || Object.hasOwn(PLANS, name)) continue;
      context.addIssue({ code: 'custom', message: 'a new plan requires retentionDays', path: [name] });
    }
  });

/**
 * Builds the table of plans: the built-in plans, changed and extended by those of the operator.
 *
 * @param extra plans of the operator. What a plan leaves out is taken from the built-in plan of the same name.
 * @param rates rate limits of plans that do not set their own.
 */
export function planTable(
  extra: z.output<typeof extraPlansSchema> = {},
  rates: PlanRates = DEFAULT_RATES,
): PlanTable {
  const plans: Plan[] = Object.keys({ ...PLANS, ...extra }).map((name) => {
    const {
      retentionDays = PLANS[name]?.retentionDays ?? null,
      quota = null,
      quotas = {},
      limits,
    } = extra[name] ?? {};
    return {
      name,
      retentionDays,
      quota,
      quotas: new Map(Object.entries(quotas)),
      rates: { ...rates, ...limits },
    };
  });
  return new Map(plans.map((plan) => [plan.name, plan]));
}
