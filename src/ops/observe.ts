import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes, routePath } from 'hono/route';
import { boundedNames } from './bounded-names.ts';
import { type Call, duringCall } from './call.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { requestIdOf } from './request-id.ts';
import type { Tracing } from './tracing.ts';

/** Which face a route belongs to. Anything else is `other`: what an operator asks, and what does not exist. */
const FACES: Readonly<Record<string, string>> = {
  '/graphql': 'graphql',
  '/v1/logs': 'scrip',
  '/v1/logs/:id': 'scrip',
  '/v1/logs/*': 'scrip',
  '/v1/organization/logs': 'signa',
  '/v1/organization/logs/:id': 'signa',
  '/v1/organization/logs/*': 'signa',
  '/ingest/v1/request-logs': 'ingest',
};

/** Faces whose clients may name their calls; a shim's vendor names them itself. */
const KEEPS_ID = new Set(['graphql', 'ingest']);

export interface ObserveParts {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Null: no traces. */
  readonly tracing: Tracing | null;
  /** Unix milliseconds. */
  now(): number;
}

/**
 * Gives each request its id, and tells of each answer: one log line, the metrics, and the header `X-Request-Id`. Of the
 * request only its route and its operation's name are told; a path or a query string may hold secrets.
 */
export function observe({
  logger,
  metrics,
  tracing,
  now,
}: ObserveParts): MiddlewareHandler<{ Bindings: Partial<HttpBindings> }> {
  const operations = boundedNames();
  metrics.gauge(
    'relaylog_operation_names',
    'Names of GraphQL operations that are told apart.',
    () => operations.size,
  );
  return async (c, next) => {
    const start = performance.now();
    // The first one answers; those after it match more.
    const known = matchedRoutes(c).find(({ path }) => Object.hasOwn(FACES, path));
    const route = known?.path ?? routePath(c, -1);
    const face = FACES[route] ?? 'other';
    metrics.requestStarted(face);
    const trace = face === 'other' ? null : (tracing?.start(c.req.raw.headers) ?? null);
    const requestId = requestIdOf(c.req.raw.headers, KEEPS_ID.has(face), now());
    const address = c.env?.incoming?.socket.remoteAddress ?? null;
    await duringCall({ requestId, face, address, trace, request: c.req.raw }, async (call) => {
      try {
        await next();
      } finally {
        call.end();
        const ms = performance.now() - start;
        c.res.headers.set('x-request-id', call.requestId);
        const code = call.code ?? (c.res.status < 400 ? 'OK' : `HTTP_${c.res.status}`);
        const operation = operations.labelOf(face === 'graphql' ? (call.operation ?? 'none') : route);
        trace?.end(
          `${face} ${operation}`,
          { 'relaylog.request_id': call.requestId, 'relaylog.code': code },
          code === 'OK' ? null : code,
        );
        metrics.requestDone({ face, operation, code, seconds: ms / 1000 });
        logger[face === 'other' ? 'debug' : 'info'](line(c, call, { face, operation, code, ms }), 'request');
      }
    });
  };
}

function line(c: Context, call: Call, known: { face: string; operation: string; code: string; ms: number }) {
  const { organizationId, keyId, storeCalls } = call;
  return {
    method: c.req.method,
    ...known,
    status: c.res.status,
    ms: rounded(known.ms),
    organizationId,
    keyId,
    storeCalls,
    storeMs: rounded(call.storeMs),
  };
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
