import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { defer } from '../lib/deferred.ts';
import { boundedNames } from '../telemetry/bounded-names.ts';
import { type Call, runInCall } from '../telemetry/call.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { endpointOf } from './endpoint-of.ts';
import { requestIdOf } from './request-id.ts';
import { identify } from './respond.ts';

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
    const { route, api } = endpointOf(c);
    metrics.requestStarted(api);
    const trace = api === 'other' ? null : (tracing?.start(c.req.raw.headers) ?? null);
    const requestId = requestIdOf(c.req.raw.headers, KEEPS_ID.has(api), now());
    const address = c.env?.incoming?.socket.remoteAddress ?? null;
    await runInCall({ requestId, api, address, trace, request: c.req.raw }, async (call) => {
      try {
        await next();
      } finally {
        call.end();
        const ms = performance.now() - start;
        identify(c.res);
        const code = call.code ?? (c.res.status < 400 ? 'OK' : `HTTP_${c.res.status}`);
        const operation = api === 'graphql' ? operations.labelOf(call.operation ?? 'none') : route;
        trace?.end(
          `${api} ${operation}`,
          { 'relaylog.request_id': call.requestId, 'relaylog.code': code },
          code === 'OK' ? null : code,
        );
        metrics.requestDone({ api, operation, code, seconds: ms / 1000 });
        const line = { method: c.req.method, api, operation, code, status: c.res.status, ms };
        writeLineLater(logger, call, line);
      }
    });
  };
}

interface Line {
  readonly method: string;
  readonly api: string;
  readonly operation: string;
  readonly code: string;
  readonly status: number;
  readonly ms: number;
}

/** By itself, as a function made where the context is in sight would hold the answer until the line is written. */
function writeLineLater(logger: Logger, call: Call, { ms, ...known }: Line): void {
  const { requestId, organizationId, keyId, storeCalls, storeMs } = call;
  const fields = {
    requestId,
    ...known,
    ms: rounded(ms),
    organizationId,
    keyId,
    storeCalls,
    storeMs: rounded(storeMs),
  };
  const level = known.api === 'other' ? 'debug' : 'info';
  defer(() => logger[level](fields, 'request'));
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}
