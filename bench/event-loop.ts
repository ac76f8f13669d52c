import { monitorEventLoopDelay } from 'node:perf_hooks';
import { demoLogs } from '../src/demo/demo-logs.ts';
import { testApp } from '../test/support/app.ts';

/*
 * The longest pause of the server's event loop during each kind of work, compared with an idle server (the lower bound on
 * this machine) and with pages that are read one after the other.
 */
const ROWS = 200_000;
const app = await testApp({ RELAYLOG_INGEST_MAX_LOGS: '100000', RELAYLOG_INGEST_MAX_BYTES: '67108864' });
const key = await app.key('acme');
const logs = demoLogs({ organizationId: 'acme', count: ROWS, days: 30, now: Date.now() });
for (let i = 0; i < ROWS; i += 5_000) await app.store.insert(logs.slice(i, i + 5_000));
app.setNow(Date.now());

const graphql = (query: string) => app.graphql(key, query);
const sent = demoLogs({ organizationId: 'x', count: 15_000, days: 1, now: Date.now() }).map(
  ({ log, payload }) => {
    const { id: _, organizationId: __, receivedAt: ___, createdAt, requestId, ...rest } = log;
    return {
      ...rest,
      ...payload,
      createdAt: new Date(createdAt).toISOString(),
      requestId: `bench${requestId}`,
    };
  },
);
const body = new TextEncoder().encode(JSON.stringify(sent)).subarray();
const ingest = async () => {
  const response = await app.request('/ingest/v1/request-logs', {
    method: 'POST',
    body,
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
  });
  const { stored } = (await response.json()) as { stored?: number };
  if (stored !== sent.length) throw new Error(`Ingest stored ${stored} of ${sent.length} logs.`);
};

async function longestPause(work: () => Promise<unknown>): Promise<{ max: number; took: number }> {
  await new Promise((done) => setTimeout(done, 50));
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const start = performance.now();
  await work();
  const took = performance.now() - start;
  await new Promise((done) => setTimeout(done, 20));
  delays.disable();
  return { max: delays.max / 1e6, took };
}

const page =
  '{ requestLogs(first: 100) { edges { cursor node { id createdAt method path statusCode durationMs } } } }';
const bodies = '{ requestLogs(first: 100) { edges { node { requestBody responseBody requestHeaders } } } }';
await graphql(page);
await graphql(bodies);
const cases: Record<string, () => Promise<unknown>> = {
  'nothing, for a second': () => new Promise((done) => setTimeout(done, 1000)),
  '100 pages of 100 rows': async () => {
    for (let i = 0; i < 100; i++) await graphql(page);
  },
  '20 pages of 100 rows with bodies': async () => {
    for (let i = 0; i < 20; i++) await graphql(bodies);
  },
  [`ingest of ${sent.length} logs, ${(body.length / 1e6).toFixed(1)} MB`]: ingest,
  [`exact count of ${ROWS} rows`]: () =>
    graphql('{ requestLogs(filter: { durationMs: { gte: 0 } }) { totalCount(exact: true) } }'),
  'search that finds nothing': () =>
    graphql('{ requestLogs(filter: { search: "no such text" }) { nodes { id } } }'),
};
console.log('| work | took ms | longest pause of the event loop, ms |\n| --- | --- | --- |');
for (const [name, work] of Object.entries(cases)) {
  const { max, took } = await longestPause(work);
  console.log(`| ${name} | ${took.toFixed(0)} | ${max.toFixed(1)} |`);
}
await app.close();
