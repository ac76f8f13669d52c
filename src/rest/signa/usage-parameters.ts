import type { Plan } from '../../config/plans.ts';
import { formatRfc3339, parseDate } from '../../lib/date-time.ts';
import { DAY_MS } from '../../lib/time-units.ts';
import { badInput } from '../../log/errors.ts';
import type { UsageGrouping, UsageQuestion } from '../../usage/usage.ts';
import { enumParameter, parameterReader, textParameter, timeParameter } from '../parameters.ts';
import { z } from '../zod.ts';
import { requireWithinRetention } from './parameters.ts';

const ACCEPTED = 'a YYYY-MM-DD date, such as 2026-01-31';
const day = (description: string) => timeParameter(parseDate, ACCEPTED, description, ['date']);
const required = { param: { required: true } };

const GROUPINGS = {
  day: 'day',
  endpoint_type: 'endpointType',
  api_key: 'apiKeyId',
} as const satisfies Readonly<Record<string, UsageGrouping>>;

/** Query parameters of `GET /v1/organization/usage/summary`. */
export const signaSummaryParameters = z.object({
  start_date: day('First day (UTC), YYYY-MM-DD.').optional().openapi(required),
  end_date: day('Last day (UTC), YYYY-MM-DD, inclusive.').optional().openapi(required),
  group_by: enumParameter(
    ['day', 'endpoint_type', 'api_key'],
    'A row for each day and endpoint type, for each endpoint type, or for each API key. Defaults to day.',
  ).optional(),
  endpoint_type: textParameter(
    'Only this endpoint type; quota_limit is then the limit of this type.',
  ).optional(),
});

const readSummary = parameterReader(signaSummaryParameters, { strict: true });

/**
 * Reads the query of a summary request.
 *
 * @param now Unix milliseconds.
 * @throws RelaylogError BAD_USER_INPUT, PLAN_LIMIT_EXCEEDED
 */
export function signaSummaryQuery(search: string, plan: Plan, now: number) {
  const given = readSummary(search);
  const from = requireGiven('start_date', given.start_date);
  const to = requireGiven('end_date', given.end_date);
  if (from > to) {
    throw badInput(
      `Parameter 'start_date' must not be after 'end_date': the requested range is ${dateOf(from)} to ${dateOf(to)}.`,
    );
  }
  requireWithinRetention(plan, from, now);
  const question: UsageQuestion = {
    fromDay: from / DAY_MS,
    endDay: to / DAY_MS + 1,
    by: GROUPINGS[given.group_by ?? 'day'],
    endpointType: given.endpoint_type,
  };
  return { from, question };
}

function requireGiven(name: string, value: number | undefined): number {
  if (value === undefined) throw badInput(`Parameter '${name}' is required: it must be ${ACCEPTED}.`);
  return value;
}

function dateOf(ms: number): string {
  return formatRfc3339(ms).slice(0, 'YYYY-MM-DD'.length);
}
