import { parseArgs } from 'node:util';

/*
 * One client in its own process that reads GraphQL pages of 100 logs, one after the other. Prints one line of JSON: median
 * and 99th percentile in milliseconds, and the number of pages.
 */
const { values } = parseArgs({
  options: { url: { type: 'string' }, key: { type: 'string' }, seconds: { type: 'string', default: '5' } },
});
const PAUSE_MS = 10;
const WARM_UP = 50;
const query = `{ requestLogs(first: 100) { edges { cursor node {
  id createdAt requestId method path statusCode durationMs routePattern apiKeyId errorType userAgent } }
  pageInfo { hasNextPage endCursor } } }`;
const body = JSON.stringify({ query });
const headers = { 'x-api-key': values.key!, 'content-type': 'application/json' };

const times: number[] = [];
const end = performance.now() + Number(values.seconds) * 1000;
for (let i = 0; performance.now() < end; i++) {
  const start = performance.now();
  const response = await fetch(`${values.url}/graphql`, { method: 'POST', headers, body });
  const { data } = (await response.json()) as { data?: { requestLogs: { edges: unknown[] } } };
  if (data?.requestLogs.edges.length !== 100) throw new Error(`expected a page of 100: ${response.status}`);
  if (i >= WARM_UP) times.push(performance.now() - start);
  await new Promise((later) => setTimeout(later, PAUSE_MS));
}
times.sort((a, b) => a - b);
const at = (share: number) => Number(times[Math.floor(times.length * share)]!.toFixed(2));
console.log(JSON.stringify({ median: at(0.5), p99: at(0.99), pages: times.length }));
