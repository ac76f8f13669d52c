import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/*
 * Clients that send as much as they can, in a process of their own: some send the largest valid batches, others search.
 * Prints one line of JSON with the number of answers of each kind.
 */
export interface Flood {
  readonly url: string;
  readonly key: string;
  readonly batches: number;
  readonly searches: number;
  readonly seconds: number;
  /** Bytes of a batch. */
  readonly bytes: number;
}

const RETRY_MS = 20;
const { url, key, batches, searches, seconds, bytes } = JSON.parse(process.argv[2]!) as Flood;
const agent = new Agent({ keepAlive: true, maxSockets: batches + searches });
const until = performance.now() + seconds * 1_000;
const answers: Record<string, number> = {};

const items = Array.from({ length: 40 }, (_, id) => ({ id, name: `thing ${id}`, at: Date.now() }));

function largestBatch(n: number): Buffer {
  const log = (i: number) =>
    JSON.stringify({
      requestId: `${n}-${i}`,
      createdAt: Date.now() - i,
      method: 'POST',
      path: '/v1/things',
      statusCode: 200,
      requestBody: { items },
    });
  const count = Math.floor(bytes / (log(99_999).length + 1));
  return Buffer.from(Array.from({ length: count }, (_, i) => log(i)).join('\n'));
}

function send(path: string, type: string, body: Buffer | string) {
  const headers = { 'x-api-key': key, 'content-type': type, 'content-length': Buffer.byteLength(body) };
  return new Promise<string>((resolve) => {
    const sent = request(`${url}${path}`, { agent, method: 'POST', headers }, (response) => {
      response.resume();
      const retry = response.headers['retry-after'] === undefined ? ' without Retry-After' : '';
      const answer = `${path} ${response.statusCode}${response.statusCode === 503 ? retry : ''}`;
      response.on('close', () => resolve(answer));
    });
    // The server closes a connection whose body it does not want, some before their answer was read.
    sent.on('error', () => resolve(`${path} closed`));
    sent.end(body);
  });
}

async function client(one: () => Promise<string>): Promise<void> {
  while (performance.now() < until) {
    const answer = await one();
    answers[answer] = (answers[answer] ?? 0) + 1;
    if (!answer.endsWith(' 200')) await sleep(RETRY_MS);
  }
}

const bodies = batches === 0 ? [] : Array.from({ length: 12 }, (_, n) => largestBatch(n));
const search = JSON.stringify({
  query:
    '{ requestLogs(first: 100, filter: { search: "nothing like it" }) { totalCount nodes { id responseBody } } }',
});
await Promise.all([
  ...Array.from({ length: batches }, (_, i) => {
    let n = i;
    return client(() =>
      send('/ingest/v1/request-logs', 'application/x-ndjson', bodies[n++ % bodies.length]!),
    );
  }),
  ...Array.from({ length: searches }, () => client(() => send('/graphql', 'application/json', search))),
]);
agent.destroy();
console.log(JSON.stringify(answers));
