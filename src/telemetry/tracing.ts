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

/** Sends a span of each request and of each of its store calls to a collector. */
export interface Tracing {
  /** Begins the span of a request, which continues the client's trace where it sent a `traceparent`. */
  start(headers: Headers): CallTrace;
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
    start(headers) {
      const parent = remoteContext(headers.get('traceparent') ?? '');
      const span = tracer.startSpan('request', { kind: SpanKind.SERVER }, parent);
      const inside = trace.setSpan(ROOT_CONTEXT, span);
      return {
        storeCall(call, ms, code) {
          const end = Date.now();
          const child = tracer.startSpan(
            `store ${call}`,
            { kind: SpanKind.CLIENT, startTime: end - ms },
            inside,
          );
          finish(child, code, end);
        },
        end(name, attributes, code) {
          span.updateName(name).setAttributes(attributes);
          finish(span, code);
        },
      };
    },
    async stop() {
      const late = new Promise((done) => setTimeout(done, STOP_MS).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
    },
  };
}

function finish(span: Span, code: string | null, at?: number): void {
  if (code !== null) span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  span.end(at);
}

const TRACE_PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

function remoteContext(traceparent: string): Context {
  const [, traceId = '', spanId = '', flags = '0'] = TRACE_PARENT.exec(traceparent) ?? [];
  const remote = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  return isSpanContextValid(remote) ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
}
