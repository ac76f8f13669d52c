import type { Plan } from '../../config/plans.ts';
import { formatRfc3339, parseDate, parseEndOfDate, parseIso8601 } from '../../lib/date-time.ts';
import { upperCase } from '../../lib/text.ts';
import { DAY_MS } from '../../lib/time-units.ts';
import { badInput, RelaylogError } from '../../log/errors.ts';
import { FIELDS } from '../../log/fields.ts';
import { allOf, type Filter } from '../../log/filter.ts';
import { searchFilter } from '../../log/search.ts';
import { exceedsWindow, visibleFrom } from '../../retention/window.ts';
import {
  enumParameter,
  integerParameter,
  parameterReader,
  textParameter,
  timeParameter,
} from '../parameters.ts';
import { z } from '../zod.ts';

const PAGE = { default: 50, min: 1, max: 100 };
const { statusCode: STATUS_CODE } = FIELDS;
const SEARCH_LENGTH = 200;
const DEFAULT_WINDOW_MS = DAY_MS;
const KEY_PREFIX = 'key_';

const ACCEPTED = 'a YYYY-MM-DD date or an ISO 8601 date-time, such as 2026-01-31 or 2026-01-31T23:59:59Z';
const start = (description: string) =>
  timeParameter((text) => parseDate(text) ?? parseIso8601(text), ACCEPTED, description, [
    'date',
    'date-time',
  ]).optional();
const end = (description: string) =>
  timeParameter((text) => parseEndOfDate(text) ?? parseIso8601(text), ACCEPTED, description, [
    'date',
    'date-time',
  ]).optional();
const between = (min: number, max: number) => `must be between ${min} and ${max}`;

/** Query parameters of `GET /v1/organization/logs`. */
export const signaListParameters = z.object({
  start_date: start(
    'Start of date range (ISO 8601). Accepts YYYY-MM-DD or full ISO datetime. Defaults to 24 hours ago.',
  ),
  end_date: end(
    'End of date range (ISO 8601), inclusive. Accepts YYYY-MM-DD or full ISO datetime. Defaults to now.',
  ),
  from: start('Alias of start_date.'),
  to: end('Alias of end_date.'),
  status_code: integerParameter({
    min: STATUS_CODE.min,
    max: STATUS_CODE.max,
    description: 'Filter to a specific HTTP status code (100-599).',
    message: between(STATUS_CODE.min, STATUS_CODE.max),
  }).optional(),
  method: textParameter('Filter by HTTP method (GET, POST, PATCH, DELETE, etc.).').optional(),
  api_key_id: textParameter('Filter to requests made with a specific API key (key_...).').optional(),
  q: textParameter(
    `Case-insensitive substring match against path or request ID (max ${SEARCH_LENGTH} characters).`,
    SEARCH_LENGTH,
  ).optional(),
  limit: integerParameter({
    ...PAGE,
    description: `Items per page (${PAGE.min}-${PAGE.max}).`,
    message: between(PAGE.min, PAGE.max),
  }).optional(),
  cursor: textParameter('Pagination cursor from a previous response.').optional(),
  include_total: enumParameter(
    ['true', 'false'],
    'Adds total_count and total_count_approximate to pagination.',
  ).optional(),
});

/** Of the endpoints without parameters. */
export const signaNoParameters = z.object({});

/** @throws RelaylogError BAD_USER_INPUT if any parameter is given. */
export const readNoParameters = parameterReader(signaNoParameters, { strict: true });

const readList = parameterReader(signaListParameters, { strict: true });

/**
 * Reads the query of a list request. `requested` is the filter as given, for cursors; `filterAt` has the default time range
 * applied, as of the first page of the walk.
 *
 * @throws RelaylogError BAD_USER_INPUT, ID_TYPE_MISMATCH
 */
export function signaListQuery(search: string) {
  const given = readList(search);
  const startDate = valueWithAlias(given, 'start_date', 'from');
  const endDate = valueWithAlias(given, 'end_date', 'to');
  const { status_code, api_key_id, q, limit = PAGE.default, cursor } = given;
  const method = given.method === undefined ? undefined : upperCase(given.method);
  if (api_key_id !== undefined && !api_key_id.startsWith(KEY_PREFIX)) {
    throw new RelaylogError(
      'ID_TYPE_MISMATCH',
      `Parameter 'api_key_id' must be an API key ID: '${KEY_PREFIX}…'.`,
    );
  }
  const filters: Filter[] = [];
  if (status_code !== undefined) filters.push({ op: 'eq', field: 'statusCode', value: status_code });
  if (method !== undefined) filters.push({ op: 'eq', field: 'method', value: method });
  if (api_key_id !== undefined) filters.push({ op: 'eq', field: 'apiKeyId', value: api_key_id });
  if (q !== undefined) filters.push(searchFilter(q));
  return {
    limit,
    cursor,
    includeTotal: given.include_total === 'true',
    requested: allOf([
      ...(startDate === undefined ? [] : [startingAt(startDate)]),
      ...(endDate === undefined ? [] : [endingAt(endDate)]),
      ...filters,
    ]),
    /**
     * @param startedAt when the first page was answered, in Unix milliseconds.
     * @throws RelaylogError BAD_USER_INPUT, PLAN_LIMIT_EXCEEDED
     */
    filterAt(startedAt: number, plan: Plan): Filter {
      const from = startDate ?? startedAt - DEFAULT_WINDOW_MS;
      const to = endDate ?? startedAt;
      if (from > to) {
        const hint =
          startDate === undefined ? " Its default is 24 hours ago: give 'start_date' as well." : '';
        throw badInput(
          `Parameter 'start_date' must not be after 'end_date': the requested range is ${formatRfc3339(from)} to ${formatRfc3339(to)}.${hint}`,
        );
      }
      requireWithinRetention(plan, from, startedAt);
      return allOf([startingAt(from), endingAt(to), ...filters]);
    },
  };
}

const startingAt = (ms: number): Filter => ({ op: 'gte', field: 'createdAt', value: Math.ceil(ms) });
const endingAt = (ms: number): Filter => ({ op: 'lte', field: 'createdAt', value: Math.floor(ms) });

type Given = z.output<typeof signaListParameters>;

function valueWithAlias(
  given: Given,
  name: 'start_date' | 'end_date',
  alias: 'from' | 'to',
): number | undefined {
  if (given[name] !== undefined && given[alias] !== undefined && given[name] !== given[alias]) {
    throw badInput(
      `Parameter '${alias}' is an alias of '${name}': give only one of them, or give both the same value.`,
    );
  }
  return given[name] ?? given[alias];
}

/** @throws RelaylogError PLAN_LIMIT_EXCEEDED if a time range starts before the retention window of the plan. */
export function requireWithinRetention(plan: Plan, from: number, now: number): void {
  if (!exceedsWindow(plan, from, now)) return;
  throw new RelaylogError(
    'PLAN_LIMIT_EXCEEDED',
    `The ${plan.name} plan keeps logs from the last ${plan.retentionDays} days: 'start_date' must be ${formatRfc3339(visibleFrom(plan, now)!)} or later.`,
  );
}
