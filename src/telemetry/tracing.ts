import {
  type Context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { CallTrace } from './call.ts';

export interface TracedRequest {
  readonly headers: Headers;
  readonly method: string;
  /** Path of the endpoint in Hono's syntax. Parameter values are not included, because they can be secret. */
  readonly route: string;
  /** `http` or `https`. */
  readonly scheme: string;
}

/** Exports a span for each request and for each of its store calls. */
export interface Tracing {
  /** Starts the span of a request. It continues the client's trace if the request has a `traceparent` header. */
  start(request: TracedRequest): CallTrace;
  /** Exports the remaining spans, and gives up after two seconds. */
  stop(): Promise<void>;
}

const STOP_MS = 2_000;

/**
 * Starts tracing with OTLP over HTTP. The standard `OTEL_EXPORTER_OTLP_…` variables configure headers and timeouts.
 *
 * @param endpoint base URL of a collector, such as `http://localhost:4318`. If empty, returns null and loads no modules.
 */
export async function startTracing(endpoint: string): Promise<Tracing | null> {
  if (endpoint === '') return null;
  const [{ BatchSpanProcessor, TracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'relaylog' }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('relaylog');
  return {
    start({ headers, method, route, scheme }) {
      const parent = remoteContext(headers.get('traceparent') ?? '');
      // opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
      const attributes = {
        'http.request.method': method,
        'http.route': route,
        'url.path': route.replace(/:\w+/g, 'REDACTED'),
        'url.scheme': scheme,
      };
      const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
      const inside = trace.setSpan(ROOT_CONTEXT, span);
      return {
        // opentelemetry.io/docs/specs/semconv/database/database-spans/
        storeCall({ system, call, ms, code }) {
          const end = Date.now();
          const child = tracer.startSpan(
            `${call} ${system}`,
            {
              kind: SpanKind.CLIENT,
              startTime: end - ms,
              attributes: { 'db.system.name': system, 'db.operation.name': call },
            },
            inside,
          );
          finish(child, code, end);
        },
        end(more, errorType) {
          span.setAttributes(more);
          finish(span, errorType);
        },
      };
    },
    async stop() {
      const timeout = new Promise((done) => setTimeout(done, STOP_MS).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), timeout]);
    },
  };
}

function finish(span: Span, errorType: string | null, at?: number): void {
  if (errorType !== null) {
    span.setAttribute('error.type', errorType).setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end(at);
}

const TRACE_PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

function remoteContext(traceparent: string): Context {
  const [, traceId = '', spanId = '', flags = '0'] = TRACE_PARENT.exec(traceparent) ?? [];
  const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  return isSpanContextValid(remote) ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
}
