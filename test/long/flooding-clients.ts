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
  /** Items of the body of each log: with fewer, a batch has more logs. */
  readonly items: number;
}

const RETRY_MS = 20;
const MAX_LOGS = 10_000;
const DAYS_MS = 20 * 86_400_000;
const { url, key, batches, searches, seconds, bytes, ...load } = JSON.parse(process.argv[2]!) as Flood;
const agent = new Agent({ keepAlive: true, maxSockets: batches + searches });
const until = performance.now() + seconds * 1_000;
const answers: Record<string, number> = {};

const items = Array.from({ length: load.items }, (_, id) => ({ id, name: `thing ${id}`, at: Date.now() }));
const ID_DIGITS = 8;

/** The text of a valid batch of the largest size, whose values are in each part of each index, and where its request ids begin. */
function largestBatch() {
  const random = (below: number) => Math.floor(Math.random() * below);
  const log = (i: number) =>
    JSON.stringify({
      requestId: `${'0'.repeat(ID_DIGITS)}-${i}`,
      createdAt: Date.now() - random(DAYS_MS),
      method: 'POST',
      path: `/v1/things/${random(1e9)}`,
      statusCode: 200 + random(300),
      durationMs: random(1e6),
      consumerId: `consumer ${random(1e9)}`,
      requestBody: { items },
    });
  const count = Math.min(MAX_LOGS, Math.floor(bytes / (log(99_999).length + 20)));
  const text = Buffer.from(Array.from({ length: count }, (_, i) => log(i)).join('\n'));
  const ids: number[] = [];
  for (let line = 0; line !== -1; line = text.indexOf('\n', line + 1)) ids.push(text.indexOf('0', line));
  return { text, ids };
}

let batchesSent = 0;
/** A copy with other request ids, so its logs are not duplicates. */
function newBatch({ text, ids }: ReturnType<typeof largestBatch>): Buffer {
  const batch = Buffer.from(text);
  const id = String(batchesSent++).padStart(ID_DIGITS, '0');
  for (const at of ids) batch.write(id, at, 'latin1');
  return batch;
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

const bodies = batches === 0 ? [] : Array.from({ length: 4 }, largestBatch);
const search = JSON.stringify({
  query:
    '{ requestLogs(first: 100, filter: { search: "nothing like it" }) { totalCount nodes { id responseBody } } }',
});
await Promise.all([
  ...Array.from({ length: batches }, (_, i) => {
    let n = i;
    return client(() =>
      send('/ingest/v1/request-logs', 'application/x-ndjson', newBatch(bodies[n++ % bodies.length]!)),
    );
  }),
  ...Array.from({ length: searches }, () => client(() => send('/graphql', 'application/json', search))),
]);
agent.destroy();
console.log(JSON.stringify(answers));
