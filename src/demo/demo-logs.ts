import { DAY_MS } from '../lib/time-units.ts';
import { logId } from '../log/log-id.ts';
import { completeLog, type Json, type RecordedRequest } from '../log/request-log.ts';

interface DemoRoute {
  readonly method: string;
  readonly pattern: string;
  readonly type: string;
  /** Relative frequency of calls. */
  readonly weight: number;
  /** Typical duration in milliseconds. */
  readonly usualMs: number;
  readonly units: number;
}

const ROUTES: readonly DemoRoute[] = [
  { method: 'GET', pattern: '/v1/participants/{id}', type: 'read', weight: 30, usualMs: 24, units: 0 },
  { method: 'GET', pattern: '/v1/participants', type: 'list', weight: 14, usualMs: 60, units: 1 },
  { method: 'POST', pattern: '/v1/participants', type: 'write', weight: 8, usualMs: 95, units: 1 },
  { method: 'PATCH', pattern: '/v1/participants/{id}', type: 'write', weight: 5, usualMs: 80, units: 1 },
  { method: 'GET', pattern: '/v1/trademarks', type: 'search', weight: 20, usualMs: 180, units: 1 },
  { method: 'GET', pattern: '/v1/trademarks/{id}', type: 'read', weight: 16, usualMs: 30, units: 0 },
  { method: 'POST', pattern: '/v1/events', type: 'write', weight: 18, usualMs: 45, units: 1 },
  { method: 'DELETE', pattern: '/v1/participants/{id}', type: 'write', weight: 2, usualMs: 70, units: 1 },
  { method: 'GET', pattern: '/v1/reports/{id}/export', type: 'export', weight: 2, usualMs: 2400, units: 10 },
];

interface Outcome {
  readonly status: number;
  readonly weight: number;
  readonly errorType?: string;
  readonly errorDetail?: string;
}

const OUTCOMES: readonly Outcome[] = [
  { status: 200, weight: 880 },
  { status: 304, weight: 20 },
  {
    status: 400,
    weight: 22,
    errorType: 'validation_error',
    errorDetail: "Parameter 'limit' must be between 1 and 100.",
  },
  { status: 401, weight: 12, errorType: 'unauthorized', errorDetail: 'The API key is not valid.' },
  { status: 403, weight: 6, errorType: 'forbidden', errorDetail: 'The API key lacks a scope.' },
  { status: 404, weight: 36, errorType: 'not_found', errorDetail: 'No such resource.' },
  { status: 429, weight: 12, errorType: 'rate_limited', errorDetail: 'Too many requests.' },
  { status: 500, weight: 7, errorType: 'internal_error', errorDetail: 'Something went wrong.' },
  {
    status: 503,
    weight: 5,
    errorType: 'service_unavailable',
    errorDetail: 'The upstream did not answer in time.',
  },
];

const AGENTS = ['acme-backend/4.2.0 (node 24)', 'python-requests/2.32.3', 'Go-http-client/2.0', 'curl/8.9.1'];

export interface DemoOptions {
  readonly organizationId: string;
  readonly count: number;
  /** Number of the first log; other numbers give other logs. Default: 0. */
  readonly first?: number;
  /** The logs are spread over this many days before `now`, with more logs on recent days. */
  readonly days: number;
  /** Unix milliseconds. */
  readonly now: number;
}

/** Generates realistic logs with routes, keys, errors, slow calls and bodies. Deterministic for the same options. */
export function demoLogs({ organizationId, count, days, now, first = 0 }: DemoOptions): RecordedRequest[] {
  const random = randomNumbers(organizationId.length * 7919 + count + first);
  const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)]!;
  const weighted = <T extends { weight: number }>(all: readonly T[]) => {
    let left = random() * all.reduce((sum, one) => sum + one.weight, 0);
    return (
      all.find((one) => {
        left -= one.weight;
        return left < 0;
      }) ?? all[0]!
    );
  };

  const one = (i: number): RecordedRequest => {
    const route = weighted(ROUTES);
    const outcome = weighted(OUTCOMES);
    const status = outcome.status === 200 && route.method === 'POST' ? 201 : outcome.status;
    const createdAt = Math.floor(now - random() ** 1.5 * days * DAY_MS);
    const resource = `${route.pattern.includes('trademarks') ? 'tm' : 'p'}_${Math.floor(random() * 5000)}`;
    const query = route.type === 'search' ? `?q=${pick(['relay', 'log', 'acme', 'north'])}&limit=20` : '';
    const path = route.pattern.replace('{id}', resource) + query;
    const requestId = `demo${i.toString(36).padStart(8, '0')}`;
    const jwt = random() < 0.2;
    const keyNumber = 1 + Math.floor(random() * 4);
    const slow = random() < 0.02 ? 20 : 1;
    const failed = outcome.errorType !== undefined;
    const log = completeLog({
      id: logId(createdAt, organizationId, requestId),
      organizationId,
      createdAt,
      requestId,
      method: route.method,
      path,
      statusCode: status,
      durationMs: Math.round(route.usualMs * slow * (0.5 + random() + random() ** 8 * 6)),
      routePattern: route.pattern,
      authType: jwt ? 'jwt' : 'api_key',
      apiKeyId: jwt ? null : `key_demo${keyNumber}`,
      apiKeyPrefix: jwt ? null : `rlk_dem${keyNumber}`,
      endpointType: route.type,
      errorType: outcome.errorType ?? null,
      errorDetail: outcome.errorDetail ?? null,
      ipAddress: `203.0.113.${1 + Math.floor(random() * 200)}`,
      userAgent: pick(AGENTS),
      billedUnits: failed ? 0 : route.units,
      traceId: random() < 0.5 ? hex(random, 32) : null,
    });
    const requestBody: Json =
      route.type === 'write' ? { id: resource, name: pick(['Ada', 'Grace', 'Edsger']) } : null;
    const responseBody: Json = failed
      ? { error: { type: log.errorType, detail: log.errorDetail } }
      : { id: resource, object: route.pattern.split('/')[2]! };
    const payload = {
      requestHeaders: {
        accept: 'application/json',
        'user-agent': log.userAgent,
        authorization: '[REDACTED]',
      },
      requestBody,
      responseHeaders: { 'content-type': 'application/json' },
      responseBody,
    };
    return { log, payload };
  };

  return Array.from({ length: count }, (_, i) => one(first + i));
}

function hex(random: () => number, digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
}

/** Pseudo-random numbers from 0 to below 1, determined by the seed (a linear congruential generator). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
