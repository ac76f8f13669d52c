import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { createApp } from '../../src/app.ts';
import { collectGarbage } from '../../src/lib/garbage-collection.ts';
import { ERRORS, RelaylogError } from '../../src/log/errors.ts';
import type { Store } from '../../src/store/store.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { jsonPost } from '../support/json-post.ts';
import { wrapStore } from '../support/wrap-store.ts';
import { readsOf, type Selector } from './promql.ts';
import { finds, labelsOf, samplesOf } from './scrape.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}
interface Panel {
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const rules: Rule[] = parse(read('deploy/prometheus/relaylog.rules.yml')).groups[0].rules;
const { panels }: { panels: Panel[] } = JSON.parse(read('deploy/grafana/relaylog.json'));
const targets = panels.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target })));

/** As Grafana fills in its variables. */
const filledIn = (query: string) =>
  query.replaceAll('$__rate_interval', '1m').replaceAll('$job', 'relaylog').replaceAll('$instance', '.*');

/** What Prometheus knows by itself, with the labels that are used of it. */
const OWN_SERIES: Readonly<Record<string, readonly string[]>> = {
  up: [],
  ALERTS: ['alertname', 'alertstate', 'severity'],
};
const CODES = [...Object.keys(ERRORS), 'OK', 'HTTP_500', 'HTTP_503'];

const QUERIES = [
  ...rules.map(({ alert, expr }) => [`alert ${alert}`, expr] as const),
  ...targets.map(({ title, expr }) => [`panel ${title}`, filledIn(expr)] as const),
];

const away = () => Promise.reject(new RelaylogError('UNAVAILABLE', 'away'));

describe('alerts and dashboard', () => {
  const broken: Partial<Store> = {};
  let app: TestApp;
  let samples: ReturnType<typeof samplesOf>;
  beforeAll(async () => {
    app = await testApp({ RELAYLOG_RATE_LIMIT_BACKEND: 'store' }, (store) =>
      wrapStore(store, () => undefined, broken),
    );
    const key = await app.key('acme');
    await app.insert({ organizationId: 'acme' });
    const log = { createdAt: '2026-04-18T11:00:00Z', method: 'GET', path: '/', statusCode: 200 };
    await app.post(key, [log], {}, '/ingest/v1/request-logs');
    await app.graphql(key, '{ requestLogs { nodes { id } } }');
    broken.consume = away;
    await app.graphql(key, '{ requestLogs { nodes { path } } }');
    // Its duration is a metric from the first one on.
    collectGarbage();
    await vi.waitFor(async () => {
      expect(await (await app.request('/metrics')).text()).toContain('nodejs_gc_duration_seconds_sum');
    });
    const full = createApp({ ...app.parts, ingest: { ...app.parts.ingest, pending: 16, ingest: away } });
    const ingest = jsonPost(key, [log]);
    expect((await full.request('/ingest/v1/request-logs', ingest)).status).toBe(503);
    const scrapes = [await app.request('/metrics'), await full.request('/metrics')];
    samples = samplesOf((await Promise.all(scrapes.map((scrape) => scrape.text()))).join(''));
  });
  afterAll(() => app.close());

  it.each(QUERIES)('%s reads what is served', (_, query) => {
    const { selectors, groupedBy } = readsOf(query);
    expect(selectors.length).toBeGreaterThan(0);
    const known = (selector: Selector) =>
      OWN_SERIES[selector.metric] !== undefined || finds(samples, selector, ['code']);
    expect(selectors.filter((selector) => !known(selector))).toEqual([]);
    const labels = selectors.flatMap(({ metric }) => OWN_SERIES[metric] ?? labelsOf(samples, metric));
    expect(groupedBy.filter((label) => !labels.includes(label))).toEqual([]);
  });

  it.each(QUERIES)('%s names codes that there are', (_, query) => {
    const codes = readsOf(query)
      .selectors.flatMap(({ matchers }) => matchers.filter(({ label }) => label === 'code'))
      .flatMap(({ value }) => value.split('|'));
    expect(codes.filter((code) => !CODES.some((one) => new RegExp(`^${code}$`).test(one)))).toEqual([]);
  });

  it('every label in a legend or a summary is one that the query leaves', () => {
    const shown = [
      ...rules.map(({ expr, annotations }) => [expr, annotations.summary, /\$labels\.(\w+)/g] as const),
      ...targets.map(({ expr, legendFormat }) => [filledIn(expr), legendFormat, /\{\{(\w+)\}\}/g] as const),
    ];
    for (const [query, text, label] of shown) {
      const { selectors, groupedBy } = readsOf(query);
      const left = /\bby \(/.test(query)
        ? groupedBy
        : selectors.flatMap(({ metric }) => OWN_SERIES[metric] ?? labelsOf(samples, metric));
      const named = [...text.matchAll(label)].map(([, name]) => name!);
      expect({
        query,
        missing: named.filter((name) => ![...left, 'job', 'instance'].includes(name)),
      }).toEqual({
        query,
        missing: [],
      });
    }
  });

  it('a query of a metric or a label that is not served is found out', () => {
    const wrong = [
      'relaylog_nothing',
      'relaylog_store_up{api="x"}',
      'relaylog_store_call_errors_total{call="x"}',
    ];
    for (const query of wrong) {
      expect(finds(samples, readsOf(query).selectors[0]!, ['code'])).toBe(false);
    }
    expect(() => readsOf('sum by (rate(')).toThrow('not PromQL');
  });
});

it('each alert has a severity that the docs explain, a unit test that raises it, and a line that says what to do', () => {
  const tests = read('deploy/prometheus/relaylog.rules.test.yml');
  const docs = read('docs/deployment.md');
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const { alert, labels } of rules) {
    expect(['page', 'ticket']).toContain(labels.severity);
    expect(tests).toContain(`labels: '{alertname="${alert}"}', value: 1`);
    expect(docs).toContain(`| ${alert} | ${labels.severity} |`);
  }
});

it('panels do not overlap, and each has an id of its own', () => {
  const ids = (panels as unknown as { id: number }[]).map(({ id }) => id);
  expect(new Set(ids).size).toBe(panels.length);
  expect(panels.filter(({ type, targets = [] }) => (type === 'row') !== (targets.length === 0))).toEqual([]);
});
