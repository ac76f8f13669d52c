import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CacheFigures } from '../lib/counted-cache.ts';
import { defer, finishDeferred } from '../lib/deferred.ts';

/** What the server counts of itself, in Prometheus' form. One for each app. */
export interface Metrics {
  /** All of it, as text of this media type. */
  text(): Promise<string>;
  readonly contentType: string;
  requestStarted(api: string): void;
  /** @param code `OK`, or the code of the error that the client was told. */
  requestDone(request: { api: string; operation: string; code: string; seconds: number }): void;
  /** @param code null where the call succeeded. */
  storeCall(call: { call: string; seconds: number; code: string | null }): void;
  /** Shows a count, which never falls; it is asked for when the metrics are. */
  counter(name: string, help: string, value: () => number): void;
  /** Makes a counter with one label of known values, each shown from the start. @returns adds one for a value. */
  labelled(name: string, help: string, label: string, values: readonly string[]): (value: string) => void;
  /** Shows a number that is asked for when the metrics are: a queue's length, a cache's size. */
  gauge(name: string, help: string, value: () => number): void;
  /** Shows how large a cache is, what was found in it, and what gave way. */
  cache(name: string, help: string, figures: CacheFigures): void;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  // Memory, CPU, garbage collection and how late the event loop is.
  collectDefaultMetrics({ register: registry });
  const inFlight = new Map<string, number>();
  new Gauge({
    name: 'relaylog_http_requests_in_flight',
    help: 'Requests that have no answer yet.',
    labelNames: ['api'],
    registers,
    collect() {
      for (const [api, count] of inFlight) this.set({ api }, count);
    },
  });
  const requests = new Counter({
    name: 'relaylog_http_requests_total',
    help: 'Requests answered, by API, operation and code (OK or an error code).',
    labelNames: ['api', 'operation', 'code'],
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'relaylog_http_request_duration_seconds',
    help: 'From the request to its answer.',
    labelNames: ['api', 'operation'],
    buckets: SECONDS,
    registers,
  });
  const storeSeconds = new Histogram({
    name: 'relaylog_store_call_duration_seconds',
    help: 'Duration of a call to the store, by call.',
    labelNames: ['call'],
    buckets: SECONDS,
    registers,
  });
  const storeErrors = new Counter({
    name: 'relaylog_store_call_errors_total',
    help: 'Calls to the store that failed, by call and code.',
    labelNames: ['call', 'code'],
    registers,
  });
  const counter: Metrics['counter'] = (name, help, value) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  const gauge: Metrics['gauge'] = (name, help, value) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  const oneMore = (api: string, more: 1 | -1) => inFlight.set(api, (inFlight.get(api) ?? 0) + more);
  return {
    text() {
      finishDeferred();
      return registry.metrics();
    },
    contentType: registry.contentType,
    requestStarted: (api) => oneMore(api, 1),
    requestDone({ api, operation, code, seconds }) {
      oneMore(api, -1);
      defer(() => {
        requests.inc({ api, operation, code });
        requestSeconds.observe({ api, operation }, seconds);
      });
    },
    storeCall({ call, seconds, code }) {
      defer(() => {
        storeSeconds.observe({ call }, seconds);
        if (code !== null) storeErrors.inc({ call, code });
      });
    },
    counter,
    gauge,
    labelled(name, help, label, values) {
      const counts = new Counter({ name, help, labelNames: [label], registers });
      for (const value of values) counts.inc({ [label]: value }, 0);
      return (value) => counts.inc({ [label]: value });
    },
    cache(name, help, figures) {
      gauge(name, help, () => figures.size);
      counter(`${name}_hits_total`, 'How often what was asked was there.', () => figures.hits);
      counter(`${name}_evictions_total`, 'Those that gave way.', () => figures.evictions);
    },
  };
}
