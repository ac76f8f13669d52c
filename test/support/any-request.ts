import * as fc from 'fast-check';
import { anyFilter } from '../store/samples.ts';
import { filterInput } from './filter-input.ts';

/** Ids and cursors that a caller may know: its own, another organization's, or ones that do not exist. */
export interface Known {
  readonly globalIds: readonly string[];
  readonly ids: readonly string[];
  readonly requestIds: readonly string[];
  /** Cursors of the default order without a filter, by API. */
  readonly cursors: Readonly<Record<Api, readonly string[]>>;
}

type Api = 'graphql' | 'scrip' | 'signa';

export interface OperationRequest {
  readonly path: string;
  readonly init: RequestInit;
  /** Whether the request stores logs. */
  readonly writes?: boolean;
}

/** Builds a request, without its credential, from the ids and cursors that the caller knows. */
export type AnyRequest = (known: Known) => OperationRequest;

const LOG = `{ id createdAt requestId method path statusCode durationMs apiKeyId ipAddress userAgent traceId
  requestHeaders requestBody responseBody }`;
const PARTS = [
  `edges { cursor node ${LOG} }`,
  `nodes ${LOG}`,
  'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }',
  'totalCount',
  'exact: totalCount(exact: true)',
  'totalCountApproximate',
];

const some = fc.nat({ max: 1_000 });
const pick = <T>(all: readonly T[], i: number): T => all[i % all.length]!;

const graphql = (query: string, variables: object) => ({
  path: '/graphql',
  init: {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  },
});

const logs: fc.Arbitrary<AnyRequest> = fc
  .record({
    filter: fc.option(anyFilter.map(filterInput), { freq: 3 }),
    search: fc.option(fc.constantFrom('', 'a', 'req_', '0', 'É'), { freq: 2 }),
    field: fc.constantFrom('CREATED_AT', 'DURATION_MS', 'STATUS_CODE'),
    direction: fc.constantFrom('ASC', 'DESC'),
    size: fc.constantFrom({}, { first: 1 }, { first: 4 }, { first: 100 }, { last: 3 }, { last: 100 }),
    cursor: fc.option(fc.record({ name: fc.constantFrom('after', 'before'), at: some })),
    parts: fc.subarray(PARTS, { minLength: 1 }),
  })
  .map(({ filter, search, field, direction, size, cursor, parts }) => (known) => {
    const filters = [filter, search === null ? null : { search }].filter((one) => one !== null);
    return graphql(
      `query ($first: Int, $last: Int, $after: String, $before: String, $filter: RequestLogFilter, $sort: RequestLogSort) {
        again: requestLogs(first: $first, last: $last, after: $after, before: $before, filter: $filter, sort: $sort) { __typename ${parts.join(' ')} }
      }`,
      cursor === null
        ? { ...size, sort: { field, direction }, ...(filters.length > 0 ? { filter: { and: filters } } : {}) }
        : { ...size, [cursor.name]: pick(known.cursors.graphql, cursor.at) },
    );
  });

const byId: fc.Arbitrary<AnyRequest> = fc
  .record({ ids: fc.array(some, { minLength: 1, maxLength: 6 }), one: some, request: some })
  .map(
    ({ ids, one, request }) =>
      (known) =>
        graphql(
          `query ($ids: [ID!]!, $id: ID!, $requestId: String!) {
        nodes(ids: $ids) { __typename id ...F } node(id: $id) { ...F } requestLog(requestId: $requestId) { ...F }
      } fragment F on RequestLog ${LOG}`,
          {
            ids: ids.map((i) => pick(known.globalIds, i)),
            id: pick(known.globalIds, one),
            requestId: pick(known.requestIds, request),
          },
        ),
  );

const MEASURES =
  '{ count clientErrorRate serverErrorCount billedUnits firstCreatedAt lastCreatedAt durationMs { count sum min p50 percentile(p: 99.9) } }';
const BUCKETS = `buckets(interval: $interval, timeZone: $zone, from: $from) { id from to measures ${MEASURES} }`;
const STATS_PARTS = [
  `measures ${MEASURES}`,
  BUCKETS,
  `groups(by: $by, search: $search) { groupCount other ${MEASURES} nodes { id key { value } filter measures ${MEASURES} sampleRequestLog ${LOG} ${BUCKETS} } }`,
  'byKey: groups(by: [API_KEY_ID, METHOD], top: 2, orderBy: { measure: KEY, direction: ASC }) { nodes { key { value } } }',
];

const statistics: fc.Arbitrary<AnyRequest> = fc
  .record({
    filter: fc.option(anyFilter.map(filterInput)),
    by: fc.subarray(['METHOD', 'STATUS_CLASS', 'ROUTE_PATTERN', 'ERROR_TYPE'], { maxLength: 3 }),
    search: fc.option(fc.constantFrom('', 'a', '4')),
    interval: fc.constantFrom('MINUTE', 'DAY', 'MONTH'),
    zone: fc.constantFrom('UTC', 'Asia/Kathmandu', 'Mars/Olympus'),
    from: fc.option(fc.constantFrom('2026-01-01T00:00:00Z', '2025-12-31T23:59:00Z')),
    parts: fc.subarray(STATS_PARTS, { minLength: 1 }),
  })
  .map(
    ({ parts, ...variables }) =>
      () =>
        graphql(
          `query ($filter: RequestLogFilter, $by: [RequestLogDimension!]!, $search: String, $interval: TimeInterval!, $zone: TimeZone!, $from: DateTime) {
        requestLogStats(filter: $filter) { id ${parts.join(' ')} }
        ... @skip(if: true) { unused: requestLogStats { groups(by: $by, search: $search) { nodes { ${BUCKETS} } } } }
        viewer { limits { queryCost } }
      }`,
          variables,
        ),
  );

const query = (path: string, parameters: Record<string, string | undefined>) => {
  const present = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { path: `${path}?${new URLSearchParams(present)}`, init: {} };
};
const maybe = (...values: string[]) => fc.option(fc.constantFrom(...values), { nil: undefined });

const scripList: fc.Arbitrary<AnyRequest> = fc
  .record({
    limit: maybe('1', '3', '100'),
    method: maybe('GET', 'POST'),
    route_pattern: maybe('/a', '/{id}'),
    auth_type: maybe('jwt', 'api_key'),
    status_min: maybe('100', '404'),
    sort_by: maybe('created_at', 'duration_ms', 'status_code'),
    sort_dir: maybe('asc', 'desc'),
    cursor: fc.option(some),
    request: fc.option(some),
  })
  .map(
    ({ cursor, request, ...parameters }) =>
      (known) =>
        cursor !== null
          ? query('/v1/logs', { cursor: pick(known.cursors.scrip, cursor) })
          : query('/v1/logs', {
              ...parameters,
              request_id: request === null ? undefined : pick(known.requestIds, request),
            }),
  );

const signaList: fc.Arbitrary<AnyRequest> = fc
  .record({
    start_date: fc.constant('2025-12-31'),
    limit: maybe('1', '3', '100'),
    method: maybe('get', 'POST'),
    status_code: maybe('404', '500'),
    api_key_id: maybe('key_1', 'key_2'),
    q: maybe('a', 'req_', '0'),
    include_total: maybe('true', 'false'),
    cursor: fc.option(some),
  })
  .map(
    ({ cursor, ...parameters }) =>
      (known) =>
        cursor !== null
          ? query('/v1/organization/logs', {
              start_date: '2025-12-31',
              cursor: pick(known.cursors.signa, cursor),
            })
          : query('/v1/organization/logs', parameters),
  );

const details: fc.Arbitrary<AnyRequest> = fc.tuple(fc.boolean(), some).map(([scrip, i]) => (known) => ({
  path: scrip
    ? `/v1/logs/${pick(known.ids, i)}`
    : `/v1/organization/logs/${encodeURIComponent(pick(known.requestIds, i))}`,
  init: {},
}));

const ingest: fc.Arbitrary<AnyRequest> = fc
  .record({ requests: fc.array(some, { minLength: 1, maxLength: 4 }), status: fc.constantFrom(200, 404) })
  .map(({ requests, status }) => (known) => ({
    path: '/ingest/v1/request-logs',
    writes: true,
    init: {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(
        requests.map((i) => ({
          requestId: pick(known.requestIds, i),
          createdAt: '2026-01-01T00:00:00.003Z',
          method: 'GET',
          path: '/ingested',
          statusCode: status,
        })),
      ),
    },
  }));

/** Random requests to every API: pages, counts, statistics, single logs, cursors, and ingest. */
export const anyRequest: fc.Arbitrary<AnyRequest> = fc.oneof(
  { weight: 4, arbitrary: logs },
  { weight: 3, arbitrary: statistics },
  { weight: 2, arbitrary: byId },
  { weight: 2, arbitrary: scripList },
  { weight: 2, arbitrary: signaList },
  { weight: 2, arbitrary: details },
  { weight: 1, arbitrary: ingest },
);
