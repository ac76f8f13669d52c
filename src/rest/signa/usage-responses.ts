import type { BillingUsage, QuotaUse } from '../../access/billing-usage.ts';
import { formatRfc3339, isoTime } from '../../lib/date-time.ts';
import { DAY_MS, SECOND_MS } from '../../lib/time-units.ts';
import type { RateState } from '../../limits/rate-rule.ts';
import type { UsageQuestion, UsageRow, UsageSums } from '../../usage/usage.ts';
import { z } from '../zod.ts';

/* Response schemas of the contract. The order of the keys here is their order in the response. */

const dateTime = z.string().openapi({ format: 'date-time' });
const counts = {
  request_count: z.int(),
  billed_units: z.int(),
  error_count: z.int(),
  avg_duration_ms: z.int().nullable(),
};
const typeRow = z.object({ period_start: dateTime, endpoint_type: z.string().nullable(), ...counts });
const keyRow = z.object({ period_start: dateTime, api_key_id: z.string().nullable(), ...counts });

export const signaSummary = z
  .object({
    object: z.literal('list'),
    data: z.array(z.union([typeRow, keyRow])),
    has_more: z.literal(false),
    billing_period: z.object({
      start: dateTime,
      end: dateTime,
      quota_used: z.int(),
      quota_limit: z.int().nullable(),
      quota_remaining: z.int().nullable(),
    }),
    request_id: z.string(),
  })
  .openapi('SignaUsageSummary');

export const signaUsage = z
  .object({
    object: z.literal('usage'),
    billing_period: z.object({ start: dateTime, end: dateTime }),
    by_endpoint_type: z.record(z.string(), z.object({ used: z.int(), limit: z.int().nullable() })),
    rate_limit: z.object({ limit: z.int(), resets_at: dateTime }),
    request_id: z.string(),
  })
  .openapi('SignaUsage');

/**
 * @param from the start of the requested range, in Unix milliseconds.
 * @param quota the use of the quota that the request is about.
 */
export function toSignaSummary(
  { by }: UsageQuestion,
  rows: readonly UsageRow[],
  {
    from,
    period,
    quota,
    requestId,
  }: {
    readonly from: number;
    readonly period: BillingUsage['period'];
    readonly quota: QuotaUse;
    readonly requestId: string;
  },
): z.output<typeof signaSummary> {
  return {
    object: 'list',
    data: rows.map(({ day, endpointType, apiKeyId, ...sums }) => {
      const period_start = formatRfc3339(day === null ? from : day * DAY_MS);
      return by === 'apiKeyId'
        ? { period_start, api_key_id: apiKeyId, ...countsOf(sums) }
        : { period_start, endpoint_type: endpointType, ...countsOf(sums) };
    }),
    has_more: false,
    billing_period: {
      start: isoTime(period.from),
      end: isoTime(period.to),
      quota_used: quota.used,
      quota_limit: quota.limit,
      quota_remaining: quota.remaining,
    },
    request_id: requestId,
  };
}

function countsOf({ requests, billedUnits, errors, durations, durationMs }: UsageSums) {
  return {
    request_count: requests,
    billed_units: billedUnits,
    error_count: errors,
    avg_duration_ms: durations === 0 ? null : Math.round(durationMs / durations),
  };
}

/** The response as JSON. An object of JavaScript would put names that look like numbers first. */
export function signaUsageJson(
  { period, byEndpointType }: BillingUsage,
  { limit, resetAt }: Pick<RateState, 'limit' | 'resetAt'>,
  requestId: string,
): string {
  const types = byEndpointType
    .filter(({ endpointType }) => endpointType !== null)
    .map(
      ({ endpointType, used, limit }) => `${JSON.stringify(endpointType)}:${JSON.stringify({ used, limit })}`,
    );
  const billingPeriod = {
    start: formatRfc3339(period.from),
    end: formatRfc3339(period.to - SECOND_MS),
  };
  const rateLimit = { limit, resets_at: formatRfc3339(Math.ceil(resetAt)) };
  return (
    `{"object":"usage","billing_period":${JSON.stringify(billingPeriod)},"by_endpoint_type":{${types.join()}},` +
    `"rate_limit":${JSON.stringify(rateLimit)},"request_id":${JSON.stringify(requestId)}}`
  );
}
