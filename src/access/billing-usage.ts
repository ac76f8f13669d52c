import type { Plan } from '../config/plans.ts';
import { billingPeriod, dayOf } from '../usage/calendar.ts';
import { compareNames, type UsageRow } from '../usage/usage.ts';
import type { ViewerLogs } from './viewer-logs.ts';

/** Billed units of a billing period beside their quota. */
export interface QuotaUse {
  readonly used: number;
  /** Null: unlimited. */
  readonly limit: number | null;
  /** Never below 0; null: unlimited. */
  readonly remaining: number | null;
}

/** The use of one endpoint type; null stands for logs without one, which have no quota of their own. */
export interface EndpointTypeUse extends QuotaUse {
  readonly endpointType: string | null;
}

export interface BillingUsage {
  /** The current calendar month, in UTC. Unix milliseconds; `to` is exclusive. */
  readonly period: { readonly from: number; readonly to: number };
  /** Of all endpoint types together. */
  readonly total: QuotaUse;
  /** Each endpoint type that the plan names or that has logs in the period, by name; null is last. */
  readonly byEndpointType: readonly EndpointTypeUse[];
}

/**
 * The usage of the viewer's organization in the current billing period.
 *
 * @param now Unix milliseconds.
 * @throws RelaylogError FORBIDDEN without the scope `billing:read`.
 */
export async function billingUsage(
  logs: Pick<ViewerLogs, 'usage'>,
  { quota, quotas }: Plan,
  now: number,
): Promise<BillingUsage> {
  const period = billingPeriod(now);
  const rows = await logs.usage({
    fromDay: dayOf(period.from),
    endDay: dayOf(period.to),
    by: 'endpointType',
  });
  const used = new Map<string | null, number>([...quotas.keys()].map((type) => [type, 0]));
  for (const { endpointType, billedUnits } of rows) used.set(endpointType, billedUnits);
  return {
    period,
    total: quotaUse(sumOf(rows), quota),
    byEndpointType: [...used]
      .map(([endpointType, units]) => ({
        endpointType,
        ...quotaUse(units, endpointType === null ? null : (quotas.get(endpointType) ?? null)),
      }))
      .sort((a, b) => compareNames(a.endpointType, b.endpointType)),
  };
}

function sumOf(rows: readonly UsageRow[]): number {
  return rows.reduce((sum, { billedUnits }) => sum + billedUnits, 0);
}

function quotaUse(used: number, limit: number | null): QuotaUse {
  return { used, limit, remaining: limit === null ? null : Math.max(0, limit - used) };
}
