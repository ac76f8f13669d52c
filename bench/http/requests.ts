import { DAY_MS } from '../../src/lib/time-units.ts';
import { LOG_FIELDS, type LogField } from '../../src/log/fields.ts';
import { type Filter, MATCH_ALL } from '../../src/log/filter.ts';
import type { RequestLog } from '../../src/log/request-log.ts';
import { SCRIP_ROW_FIELDS } from '../../src/rest/scrip/responses.ts';
import { SIGNA_ROW_FIELDS } from '../../src/rest/signa/responses.ts';

/** Rows of the page that is requested from every server. */
export const PAGE_ROWS = 100;

export const ORGANIZATION = 'bench';

const FIELDS = [
  'id',
  'createdAt',
  'requestId',
  'method',
  'path',
  'statusCode',
  'durationMs',
  'routePattern',
  'apiKeyId',
  'errorType',
  'traceId',
].join(' ');

interface StoreCall {
  readonly fields: readonly LogField[];
  /** @param now Unix milliseconds. */
  filter(now: number): Filter;
}

/** The store call that Relaylog makes for each path. Signa's page covers the last day by default. */
export const STORE_CALLS: Readonly<Record<string, StoreCall>> = {
  '/graphql': {
    fields: LOG_FIELDS.filter((name) => FIELDS.split(' ').includes(name)),
    filter: () => MATCH_ALL,
  },
  '/v1/logs': { fields: SCRIP_ROW_FIELDS, filter: () => MATCH_ALL },
  '/v1/organization/logs': {
    fields: SIGNA_ROW_FIELDS,
    filter: (now) => ({
      op: 'and',
      filters: [
        { op: 'gte', field: 'createdAt', value: now - DAY_MS },
        { op: 'lte', field: 'createdAt', value: now },
      ],
    }),
  },
};

/** A request as the benchmark sends it. */
export interface BenchRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

const graphql = (selection: string): BenchRequest => ({
  method: 'POST',
  path: '/graphql',
  body: JSON.stringify({
    query: `query Page($first: Int!) { requestLogs(first: $first) { ${selection} } }`,
    variables: { first: PAGE_ROWS },
  }),
});

/** Requests by their name in the tables. */
export const REQUESTS = {
  page: graphql(`edges { node { ${FIELDS} } } pageInfo { hasNextPage hasPreviousPage }`),
  relay: graphql(`edges { cursor node { ${FIELDS} __typename } } pageInfo { endCursor hasNextPage }`),
  rows: graphql(`edges { node { ${FIELDS} } }`),
  counted: graphql(`totalCount edges { node { ${FIELDS} } }`),
  bodies: graphql(`edges { node { ${FIELDS} requestHeaders requestBody responseHeaders responseBody } }`),
  scrip: { method: 'GET', path: `/v1/logs?limit=${PAGE_ROWS}` },
  signa: { method: 'GET', path: `/v1/organization/logs?limit=${PAGE_ROWS}` },
} as const satisfies Record<string, BenchRequest>;

export type RequestName = keyof typeof REQUESTS;

/** The body without the parts that differ between equal responses: cursors, which each server signs, and request ids. */
export function withoutVaryingParts(body: string): string {
  return body
    .replaceAll(/"(\w*[cC]ursor)":"[\w-]+"/g, '"$1":"…"')
    .replace(/"request_id":"req_[0-9A-Z]{26}"\}$/, '"request_id":"…"}')
    .trim();
}

const time = (ms: number) => new Date(ms).toISOString();
const shortTime = (ms: number) => time(ms).replace('.000Z', 'Z');

/** Hand-written response bodies, by path. */
export const HAND_WRITTEN: Readonly<Record<string, (logs: readonly RequestLog[], more: boolean) => object>> =
  {
    '/graphql': (logs, more) => ({
      data: {
        requestLogs: {
          edges: logs.map((log) => ({
            node: {
              id: Buffer.from(`RequestLog:${log.id}`).toString('base64url'),
              createdAt: time(log.createdAt),
              requestId: `req_${log.requestId}`,
              method: log.method,
              path: log.path,
              statusCode: log.statusCode,
              durationMs: log.durationMs,
              routePattern: log.routePattern,
              apiKeyId: log.apiKeyId,
              errorType: log.errorType,
              traceId: log.traceId,
            },
          })),
          pageInfo: { hasNextPage: more, hasPreviousPage: false },
        },
      },
    }),
    '/v1/logs': (logs, more) => ({
      data: logs.map((log) => ({
        auth_type: log.authType,
        created_at: shortTime(log.createdAt),
        duration_ms: log.durationMs ?? 0,
        error_code: log.errorType,
        id: log.id,
        method: log.method,
        path: log.path,
        request_id: `req_${log.requestId}`,
        route_pattern: log.routePattern,
        status_code: log.statusCode,
      })),
      pagination: { has_more: more, next_cursor: cursorOf(logs.at(-1)!) },
    }),
    '/v1/organization/logs': (logs, more) => ({
      object: 'list',
      data: logs.map((log) => ({
        object: 'request_log',
        request_id: `req_${log.requestId}`,
        method: log.method,
        path: log.path,
        status_code: log.statusCode,
        duration_ms: log.durationMs ?? 0,
        endpoint_type: log.endpointType,
        billed_units: log.billedUnits,
        api_key_prefix: log.apiKeyPrefix,
        error_type: log.errorType,
        error_detail: log.errorDetail,
        created_at: shortTime(log.createdAt),
      })),
      has_more: more,
      pagination: { cursor: cursorOf(logs.at(-1)!) },
      request_id: 'req_00000000000000000000000000',
    }),
  };

function cursorOf({ createdAt, id }: RequestLog): string {
  return Buffer.from(`${createdAt}:${id}`).toString('base64url');
}
