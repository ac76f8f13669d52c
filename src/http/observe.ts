import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import { defer } from '../lib/deferred.ts';
import type { ErrorCode } from '../log/errors.ts';
import { boundedNames } from '../telemetry/bounded-names.ts';
import { type Call, runInCall, type StreamEnd } from '../telemetry/call.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { TracedRequest, Tracing } from '../telemetry/tracing.ts';
import type { RequestLabels } from './mount.ts';
import { requestIdOf } from './request-id.ts';
import { identify } from './respond.ts';

/** Codes that count as server errors even if the status of the GraphQL response is 200. */
const SERVER_ERRORS: ReadonlySet<string> = new Set<ErrorCode>([
  'INTERNAL_SERVER_ERROR',
  'QUERY_TIMEOUT',
  'UNAVAILABLE',
]);

/** Code of a streamed response by how it ended; its status was sent before. */
const STREAM_CODES: Readonly<Record<StreamEnd, ErrorCode | null>> = {
  completed: null,
  cancelled: 'CLIENT_CLOSED_REQUEST',
  failed: 'INTERNAL_SERVER_ERROR',
};

export interface ObserveParts {
  readonly labelsOf: (c: Context) => RequestLabels;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Null: tracing is off. */
  readonly tracing: Tracing | null;
  /** Finds the client's address from the peer's and the headers. */
  addressOf(peer: string | null, headers: Headers): string | null;
  /** Unix milliseconds. */
  now(): number;
}

/**
 * Middleware that assigns each request its id and sets the header `X-Request-Id`. For each response it writes one log line
 * and updates the metrics; for a stream, when it ends. Only the route and the operation name are recorded, because paths and
 * query strings can contain secrets.
 */
export function observe({
  labelsOf,
  logger,
  metrics,
  tracing,
  addressOf,
  now,
}: ObserveParts): MiddlewareHandler<{ Bindings: Partial<HttpBindings> }> {
  const operations = boundedNames();
  metrics.gauge('relaylog_graphql_operation_names', () => operations.size);
  return async (c, next) => {
    const start = performance.now();
    const { route, api, acceptsRequestId } = labelsOf(c);
    metrics.requestStarted(api);
    const trace = api === 'other' ? null : (tracing?.start(tracedRequest(c.req, route)) ?? null);
    const requestId = requestIdOf(c.req.raw.headers, acceptsRequestId, now());
    const peer = c.env?.incoming?.socket.remoteAddress ?? null;
    const address = addressOf(peer, c.req.raw.headers);
    await runInCall({ requestId, api, address, trace, request: c.req.raw }, async (call) => {
      const done = () => {
        call.end();
        const ms = performance.now() - start;
        const { status } = c.res;
        const code = call.code ?? (status < 400 ? 'OK' : `HTTP_${status}`);
        const operation = api === 'graphql' ? operations.labelOf(call.operation ?? 'none') : route;
        trace?.end(
          {
            'http.response.status_code': status,
            'relaylog.api': api,
            'relaylog.request_id': call.requestId,
            'relaylog.code': code,
            ...(api === 'graphql' && { 'graphql.operation.name': operation }),
          },
          status >= 500 || SERVER_ERRORS.has(code) ? code : null,
        );
        metrics.requestDone({ api, operation, code, seconds: ms / 1000 });
        writeLogLineLater(logger, call, { method: c.req.method, api, operation, code, status, ms });
      };
      try {
        await next();
      } finally {
        identify(c.res);
        if (call.streamEnd === null) done();
        else {
          call.streamEnd.then((end) => {
            call.code ??= STREAM_CODES[end];
            done();
          });
        }
      }
    });
  };
}

function tracedRequest({ method, raw }: Context['req'], route: string): TracedRequest {
  return { headers: raw.headers, method, route, scheme: new URL(raw.url).protocol.slice(0, -1) };
}

interface LogLine {
  readonly method: string;
  readonly api: string;
  readonly operation: string;
  readonly code: string;
  readonly status: number;
  readonly ms: number;
}

/** A separate function, because a closure inside `observe` would keep the response in memory until the line is written. */
function writeLogLineLater(logger: Logger, call: Call, { ms, ...known }: LogLine): void {
  const { requestId, organizationId, keyId, storeCalls, storeMs } = call;
  const fields = {
    requestId,
    ...known,
    ms: roundToHundredths(ms),
    organizationId,
    keyId,
    storeCalls,
    storeMs: roundToHundredths(storeMs),
  };
  const level = known.api === 'other' ? 'debug' : 'info';
  defer(() => logger[level](fields, 'request'));
}

function roundToHundredths(ms: number): number {
  return Math.round(ms * 100) / 100;
}
