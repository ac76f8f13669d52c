import { logId } from '../log/log-id.ts';
import { completeLog, type Json, type RecordedRequest } from '../log/request-log.ts';
import type { DemoCustomer, DemoOutcome, DemoRoute } from './demo-api.ts';
import { demoPayload } from './demo-payload.ts';
import type { RandomChoices } from './random-numbers.ts';

/** What is particular to one request. */
export interface DemoRequest {
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** Different for each request of an organization. */
  readonly number: number;
  readonly route: DemoRoute;
  /** Number of the resource that the request is about. */
  readonly resource: number;
  /** With its question mark, or empty. */
  readonly query: string;
  readonly outcome: DemoOutcome;
  readonly durationMs: number;
  readonly customer: DemoCustomer;
  /** Whether the customer's key authenticated the request; otherwise, a token did. */
  readonly byKey: boolean;
  readonly userAgent: string;
  /** Default: half of the requests have one. */
  readonly traceId?: string;
  /** The response body if the request does not fail. Default: the usual one of the route. */
  readonly responseBody?: Json;
}

const NAMES = ['Ada', 'Grace', 'Edsger'];

/** The log of a request, with what follows from it and what does not matter. */
export function demoLog(
  organizationId: string,
  request: DemoRequest,
  random: RandomChoices,
): RecordedRequest {
  const { createdAt, number, route, resource, query, outcome, durationMs, customer, byKey, userAgent } =
    request;
  const requestId = `demo${number.toString(36).padStart(8, '0')}`;
  const failed = outcome.errorType !== undefined;
  const created = outcome.status === 200 && route.method === 'POST';
  const log = completeLog({
    id: logId(createdAt, organizationId, requestId),
    organizationId,
    createdAt,
    requestId,
    method: route.method,
    path: route.pattern.replace('{id}', `${route.idPrefix}_${resource}`) + query,
    statusCode: created ? 201 : outcome.status,
    durationMs,
    routePattern: route.pattern,
    authType: byKey ? 'api_key' : 'jwt',
    apiKeyId: byKey ? `key_demo${customer.keyNumber}` : null,
    apiKeyPrefix: byKey ? `rlk_dem${customer.keyNumber}` : null,
    endpointType: route.type,
    errorType: outcome.errorType ?? null,
    errorDetail: outcome.errorDetail ?? null,
    ipAddress: `203.0.113.${1 + random.below(200)}`,
    userAgent,
    billedUnits: failed ? 0 : route.units,
    traceId: traceIdOf(request, random),
    consumerId: customer.id,
    service: route.service,
    host: customer.host,
  });
  const name = route.type === 'write' ? random.pick(NAMES) : '';
  const { payload, sizes } = demoPayload(log, { resource, name }, request.responseBody);
  return { log: { ...log, ...sizes }, payload };
}

function traceIdOf({ traceId }: DemoRequest, random: RandomChoices): string | null {
  const usual = random.next() < 0.5 ? random.hex(32) : null;
  return traceId ?? usual;
}
