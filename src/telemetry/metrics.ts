import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CacheStatistics } from '../lib/counted-cache.ts';
import { defer, finishDeferred } from '../lib/deferred.ts';
import { type CacheName, METRICS, type MetricFamily, type MetricName } from './metric-table.ts';

/** Names of the metrics of a type. */
type NameOf<Type> = { [N in MetricName]: (typeof METRICS)[N]['type'] extends Type ? N : never }[MetricName];

const PURGE_RESULTS = ['done', 'failed'] as const;
type PurgeResult = (typeof PURGE_RESULTS)[number];

/** The Prometheus metrics of one app. */
export interface Metrics {
  /** Returns all metrics in Prometheus text format. */
  text(): Promise<string>;
  /** Media type of `text()`. */
  readonly contentType: string;
  requestStarted(api: string): void;
  /** @param code `OK`, or the error code that the client received. */
  requestDone(request: { api: string; operation: string; code: string; seconds: number }): void;
  /** @param code null if the call succeeded. */
  storeCall(call: { call: string; seconds: number; code: string | null }): void;
  /** Counts a scheduled purge of this process. */
  purgeDone(result: PurgeResult): void;
  /** Counts a step that built roll-ups, and its seconds. */
  rollUpsBuilt(seconds: number): void;
  /** @param since when roll-ups began to be due, in Unix milliseconds; null if none is. */
  rollUpsDue(since: number | null): void;
  /** Counts a step that indexed texts, and its seconds. */
  textIndexed(seconds: number): void;
  /** @param since when texts began to be due, in Unix milliseconds; null if none is. */
  textDue(since: number | null): void;
  /** Adds a counter. Its value, which must never decrease, is read at each scrape. */
  counter(name: NameOf<'counter'>, value: () => number): void;
  /** Adds a counter with one label, initialized to 0 for each value. @returns a function that increments it for a value. */
  labelled(name: NameOf<'counter'>, values: readonly string[]): (value: string) => void;
  /** Adds a gauge, such as the length of a queue. Its value is read at each scrape. */
  gauge(name: NameOf<'gauge'>, value: () => number | Promise<number>): void;
  /** Adds a cache to the metrics for its size, hits and evictions. */
  cache(name: CacheName, figures: CacheStatistics): void;
}

/** Histogram buckets in seconds. */
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** @param version of Relaylog. */
export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  // Memory, CPU, garbage collection and event loop lag.
  collectDefaultMetrics({ register: registry });
  const declaration = (name: MetricName) => {
    const { help, labels }: MetricFamily = METRICS[name];
    return { name, help, labelNames: [...labels], registers: [registry] };
  };
  const newCounter = (name: NameOf<'counter'>) => new Counter(declaration(name));
  const newHistogram = (name: NameOf<'histogram'>) =>
    new Histogram({ ...declaration(name), buckets: DURATION_BUCKETS });
  /** Seconds since a time, which the returned function sets; 0 while it is null. */
  const newLag = (name: NameOf<'gauge'>) => {
    let start: number | null = null;
    new Gauge({
      ...declaration(name),
      collect() {
        this.set(start === null ? 0 : Math.max(0, Date.now() - start) / 1_000);
      },
    });
    return (since: number | null) => {
      start = since;
    };
  };

  new Gauge(declaration('relaylog_build_info')).set({ version, node_version: process.version }, 1);
  const inFlight = new Map<string, number>();
  new Gauge({
    ...declaration('relaylog_http_requests_in_flight'),
    collect() {
      for (const [api, count] of inFlight) this.set({ api }, count);
    },
  });
  const requests = newCounter('relaylog_http_requests_total');
  const requestSeconds = newHistogram('relaylog_http_request_duration_seconds');
  const storeSeconds = newHistogram('relaylog_store_call_duration_seconds');
  const storeErrors = newCounter('relaylog_store_call_errors_total');
  const purges = newCounter('relaylog_purges_total');
  for (const result of PURGE_RESULTS) purges.inc({ result }, 0);
  const rollUpSteps = newCounter('relaylog_roll_up_steps_total');
  const rollUpSeconds = newCounter('relaylog_roll_up_step_seconds_total');
  const rollUpsDue = newLag('relaylog_roll_up_lag_seconds');
  const textSteps = newCounter('relaylog_text_index_steps_total');
  const textSeconds = newCounter('relaylog_text_index_step_seconds_total');
  const textDue = newLag('relaylog_text_index_lag_seconds');
  const caches = new Map<CacheName, CacheStatistics>();
  new Gauge({
    ...declaration('relaylog_cache_entries'),
    collect() {
      for (const [cache, { size }] of caches) this.set({ cache }, size);
    },
  });
  for (const [name, key] of [
    ['relaylog_cache_hits_total', 'hits'],
    ['relaylog_cache_evictions_total', 'evictions'],
  ] as const) {
    new Counter({
      ...declaration(name),
      collect() {
        this.reset();
        for (const [cache, figures] of caches) this.inc({ cache }, figures[key]);
      },
    });
  }
  const addInFlight = (api: string, change: 1 | -1) => inFlight.set(api, (inFlight.get(api) ?? 0) + change);
  return {
    text() {
      finishDeferred();
      return registry.metrics();
    },
    contentType: registry.contentType,
    requestStarted: (api) => addInFlight(api, 1),
    requestDone({ api, operation, code, seconds }) {
      addInFlight(api, -1);
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
    purgeDone: (result) => purges.inc({ result }),
    rollUpsBuilt(seconds) {
      rollUpSteps.inc();
      rollUpSeconds.inc(seconds);
    },
    rollUpsDue,
    textIndexed(seconds) {
      textSteps.inc();
      textSeconds.inc(seconds);
    },
    textDue,
    counter(name, value) {
      new Counter({
        ...declaration(name),
        collect() {
          this.reset();
          this.inc(value());
        },
      });
    },
    gauge(name, value) {
      new Gauge({
        ...declaration(name),
        async collect() {
          this.set(await value());
        },
      });
    },
    labelled(name, values) {
      const counts = newCounter(name);
      const [label] = METRICS[name].labels as readonly string[];
      for (const value of values) counts.inc({ [label!]: value }, 0);
      return (value) => counts.inc({ [label!]: value });
    },
    cache(name, figures) {
      caches.set(name, figures);
    },
  };
}
