import { parseRfc3339 } from '../../lib/date-time.ts';
import { upperCase } from '../../lib/text.ts';
import { badInput } from '../../log/errors.ts';
import { TEXT_LENGTH } from '../../log/fields.ts';
import type { Filter } from '../../log/filter.ts';
import { parseRequestId } from '../../log/request-id.ts';
import { DIRECTIONS, type SortField } from '../../log/sort.ts';
import {
  enumParameter,
  integerParameter,
  parameterReader,
  textParameter,
  timeParameter,
} from '../parameters.ts';
import { z } from '../zod.ts';

const PAGE = { default: 50, max: 100 };
const SORT_BY = {
  created_at: 'createdAt',
  duration_ms: 'durationMs',
  status_code: 'statusCode',
} as const satisfies Record<string, SortField>;
type SortBy = keyof typeof SORT_BY;

const time = (description: string) =>
  timeParameter(parseRfc3339, 'an RFC 3339 date-time, such as 2026-01-31T23:59:59Z', description, [
    'date-time',
  ]).optional();

/** Query parameters of `GET /v1/logs`. */
export const scripListParameters = z.object({
  limit: integerParameter({
    min: 1,
    description: `Max results per page (1-${PAGE.max}, default ${PAGE.default}); higher values are treated as ${PAGE.max}`,
    message: 'must be an integer of at least 1',
    default: PAGE.default,
  })
    .transform((limit) => Math.min(limit, PAGE.max))
    .optional(),
  cursor: textParameter('Pagination cursor from previous response').optional(),
  method: textParameter('Filter by HTTP method (e.g., GET, POST)').optional(),
  route_pattern: textParameter('Filter by route pattern (e.g., /v1/events)', TEXT_LENGTH.path).optional(),
  request_id: textParameter('Filter by request ID (with or without req_ prefix)').optional(),
  auth_type: textParameter('Filter by auth type (e.g., api_key, jwt)').optional(),
  status_min: integerParameter({ description: 'Minimum HTTP status code' }).optional(),
  status_max: integerParameter({ description: 'Maximum HTTP status code' }).optional(),
  from: time('Start of time window (RFC 3339), inclusive'),
  to: time('End of time window (RFC 3339), inclusive'),
  sort_by: enumParameter(
    Object.keys(SORT_BY) as [SortBy, ...SortBy[]],
    'Sort field; default created_at',
  ).optional(),
  sort_dir: enumParameter(DIRECTIONS, 'Sort direction; default desc').optional(),
});

const readList = parameterReader(scripListParameters, { strict: false });

/** Reads the query of a list request. @throws RelaylogError BAD_USER_INPUT */
export function scripListQuery(search: string) {
  const {
    limit = PAGE.default,
    cursor,
    sort_by = 'created_at',
    sort_dir = 'desc',
    ...requested
  } = readList(search);
  if (
    requested.status_min !== undefined &&
    requested.status_max !== undefined &&
    requested.status_min > requested.status_max
  ) {
    throw badInput("Parameter 'status_min' must not be above 'status_max'.");
  }
  if (requested.from !== undefined && requested.to !== undefined && requested.from > requested.to) {
    throw badInput("Parameter 'from' must not be after 'to'.");
  }
  return {
    limit,
    cursor,
    sort: SORT_BY[sort_by],
    direction: sort_dir,
    filter: filterOf(requested),
  };
}

type FilterParameters = Omit<
  z.output<typeof scripListParameters>,
  'limit' | 'cursor' | 'sort_by' | 'sort_dir'
>;

function filterOf(requested: FilterParameters): Filter {
  const filters: Filter[] = [];
  if (requested.method !== undefined)
    filters.push({ op: 'eq', field: 'method', value: upperCase(requested.method) });
  if (requested.route_pattern !== undefined) {
    filters.push({ op: 'eq', field: 'routePattern', value: requested.route_pattern });
  }
  if (requested.request_id !== undefined) {
    filters.push({ op: 'eq', field: 'requestId', value: parseRequestId(requested.request_id) });
  }
  if (requested.auth_type !== undefined)
    filters.push({ op: 'eq', field: 'authType', value: requested.auth_type });
  if (requested.status_min !== undefined)
    filters.push({ op: 'gte', field: 'statusCode', value: requested.status_min });
  if (requested.status_max !== undefined)
    filters.push({ op: 'lte', field: 'statusCode', value: requested.status_max });
  if (requested.from !== undefined)
    filters.push({ op: 'gte', field: 'createdAt', value: Math.ceil(requested.from) });
  if (requested.to !== undefined)
    filters.push({ op: 'lte', field: 'createdAt', value: Math.floor(requested.to) });
  return { op: 'and', filters };
}
