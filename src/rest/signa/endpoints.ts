import { billingUsage, type QuotaUse } from '../../access/billing-usage.ts';
import { jsonAnswer } from '../../http/authenticated-call.ts';
import type { AuthenticatedCall, Endpoint } from '../../http/endpoint.ts';
import { DAY_MS } from '../../lib/time-units.ts';
import { cursorsFor } from '../../log/cursor.ts';
import { RelaylogError } from '../../log/errors.ts';
import { parseRequestId } from '../../log/request-id.ts';
import { notFound } from '../not-found.ts';
import { operation } from '../openapi-parts.ts';
import { z } from '../zod.ts';
import { readNoParameters, signaListParameters, signaListQuery, signaNoParameters } from './parameters.ts';
import { SIGNA_ROW_FIELDS, signaDetail, signaList, toSignaDetail, toSignaRow } from './responses.ts';
import { signaSummaryParameters, signaSummaryQuery } from './usage-parameters.ts';
import { signaSummary, signaUsage, signaUsageJson, toSignaSummary } from './usage-responses.ts';
import { SIGNA, SIGNA_DESCRIPTION } from './vendor.ts';

const CURSOR_MAX_AGE_MS = DAY_MS;
const TOTAL_LIMIT = 10_000;
const ORDER = { sort: 'createdAt', direction: 'desc' } as const;

async function list({ url, viewer, logs, cursorSecret, now, requestId }: AuthenticatedCall) {
  const { limit, cursor, includeTotal, requested, filterAt } = signaListQuery(url.search);
  const { organizationId, plan } = viewer;
  const use = { api: SIGNA.api, organizationId, ...ORDER, requested };
  const cursors = cursorsFor(cursorSecret, use, { now, maxAge: CURSOR_MAX_AGE_MS });
  const { position: after, startedAt } = cursors.decode(cursor);
  const filter = filterAt(startedAt, plan);
  const [page, total] = await Promise.all([
    logs.findPage({ filter, ...ORDER, after, limit, fields: SIGNA_ROW_FIELDS, startedAt }),
    includeTotal ? logs.count(filter, TOTAL_LIMIT, startedAt) : null,
  ]);
  return jsonAnswer({
    object: 'list',
    data: page.logs.map(toSignaRow),
    has_more: page.hasMore,
    pagination: {
      cursor: page.hasMore ? cursors.encode({ position: page.end!, startedAt }) : null,
      ...(total === null ? {} : { total_count: total.count, total_count_approximate: !total.exact }),
    },
    request_id: requestId,
  });
}

async function detail({ url, logs, params, requestId }: AuthenticatedCall) {
  const id = params.request_id!;
  readNoParameters(url.search);
  const log = await logs.findByRequestId(parseRequestId(id));
  if (log === null) throw new RelaylogError('NOT_FOUND', `Request log ${id} does not exist.`);
  return jsonAnswer(toSignaDetail(log, requestId));
}

async function usageSummary({ url, viewer, logs, now, requestId }: AuthenticatedCall) {
  const { from, question } = signaSummaryQuery(url.search, viewer.plan, now);
  const [rows, { period, total, byEndpointType }] = await Promise.all([
    logs.usage(question),
    billingUsage(logs, viewer.plan, now),
  ]);
  const { endpointType } = question;
  const quota =
    endpointType === undefined
      ? total
      : (byEndpointType.find((one) => one.endpointType === endpointType) ?? NO_USE);
  return jsonAnswer(toSignaSummary(question, rows, { from, period, quota, requestId }));
}

/** The use of an endpoint type that the plan does not name and that has no logs. */
const NO_USE: QuotaUse = { used: 0, limit: null, remaining: null };

async function usage({ url, viewer, logs, charge, now, requestId }: AuthenticatedCall) {
  readNoParameters(url.search);
  const used = await billingUsage(logs, viewer.plan, now);
  const rate = await charge.rateState(SIGNA.api);
  return { ...jsonAnswer(null), body: signaUsageJson(used, rate, requestId) };
}

const BILLING_READ = { protocol: SIGNA, scope: 'billing:read' } as const;

function unknownPaths(path: string): Endpoint {
  return {
    ...BILLING_READ,
    methods: 'ALL',
    path,
    description: 'Unknown paths: 404 in the error format of Signa',
    open: () => notFound,
  };
}

/** Signa's documented endpoints. Unknown paths below them also return errors in the vendor's format. */
export const SIGNA_ENDPOINTS: readonly Endpoint[] = [
  {
    ...BILLING_READ,
    methods: ['GET'],
    path: '/v1/organization/logs',
    description: 'List request logs (Signa)',
    open: () => list,
    openApi: () =>
      operation(SIGNA_DESCRIPTION, {
        operationId: 'listSignaLogs',
        request: { query: signaListParameters },
        response: { schema: signaList, description: 'Paginated request logs' },
      }),
  },
  {
    ...BILLING_READ,
    methods: ['GET'],
    path: '/v1/organization/logs/{request_id}',
    description: 'One request log (Signa)',
    open: () => detail,
    openApi: () =>
      operation(SIGNA_DESCRIPTION, {
        operationId: 'getSignaLog',
        request: {
          params: z.object({ request_id: z.string().openapi({ description: 'Request ID of the log' }) }),
          query: signaNoParameters,
        },
        response: { schema: signaDetail, description: 'The request log' },
      }),
  },
  {
    ...BILLING_READ,
    methods: ['GET'],
    path: '/v1/organization/usage/summary',
    description: 'Daily usage over a date range (Signa)',
    open: () => usageSummary,
    openApi: () =>
      operation(SIGNA_DESCRIPTION, {
        operationId: 'getSignaUsageSummary',
        request: { query: signaSummaryParameters },
        response: { schema: signaSummary, description: 'Usage by day, endpoint type or API key' },
      }),
  },
  {
    ...BILLING_READ,
    methods: ['GET'],
    path: '/v1/organization/usage',
    description: 'Usage of the current billing period (Signa)',
    open: () => usage,
    openApi: () =>
      operation(SIGNA_DESCRIPTION, {
        operationId: 'getSignaUsage',
        request: { query: signaNoParameters },
        response: { schema: signaUsage, description: 'Usage and quotas by endpoint type' },
      }),
  },
  unknownPaths('/v1/organization/logs/*'),
  unknownPaths('/v1/organization/usage/*'),
];
