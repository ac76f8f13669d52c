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
  /** The endpoint's path as Hono takes it: values of its parameters may be secret. */
  readonly route: string;
  /** Of the URL: `http` or `https`. */
  readonly scheme: string;
}

/** Sends a span of each request and of each of its store calls to a collector. */
export interface Tracing {
  /** Begins the span of a request, which continues the client's trace if it sent a `traceparent`. */
  start(request: TracedRequest): CallTrace;
  /** Sends what is not sent yet, or gives up soon. */
  stop(): Promise<void>;
}

const STOP_MS = 2_000;

/**
 * Tracing by OTLP over HTTP; headers and timeouts are set by the usual `OTEL_EXPORTER_OTLP_…` variables.
 *
 * @param endpoint of a collector, such as `http://localhost:4318`; empty: null, and nothing is loaded.
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
      const late = new Promise((done) => setTimeout(done, STOP_MS).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
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
