import { Agent, request } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { liveLogs } from './live-logs.ts';
import { bodiesOf } from './log-files.ts';

/*
 * Clients of the ingest endpoint, in their own process. All bodies are generated, or read from a file of NDJSON, first; each client sends the next body
 * when its previous one was acknowledged. Prints one line of JSON: logs a second and the median response time in milliseconds.
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: '' },
    key: { type: 'string', default: '' },
    file: { type: 'string', default: '' },
    format: { type: 'string', default: 'ndjson' },
    from: { type: 'string', default: '0' },
    logs: { type: 'string', default: '100000' },
    batch: { type: 'string', default: '5000' },
    clients: { type: 'string', default: '8' },
  },
});
const [from, logs, batch, clients] = [values.from, values.logs, values.batch, values.clients].map(Number);
const type = values.format === 'json' ? 'application/json' : 'application/x-ndjson';
const bodies = values.file === '' ? generated() : await bodiesOf(values.file, batch!);
const agent = new Agent({ keepAlive: true, maxSockets: clients! });

function generated(): Buffer[] {
  return Array.from({ length: logs! / batch! }, (_, i) => {
    const part = liveLogs(from! + i * batch!, batch!);
    return Buffer.from(
      values.format === 'json' ? JSON.stringify(part) : part.map((log) => JSON.stringify(log)).join('\n'),
    );
  });
}

function send(body: Buffer): Promise<{ status: number; stored: number }> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-api-key': values.key, 'content-type': type, 'content-length': body.length };
    const sent = request(`${values.url}/ingest/v1/request-logs`, { method: 'POST', agent, headers });
    sent.on('error', reject);
    sent.on('response', async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode!, stored: JSON.parse(text).stored });
    });
    sent.end(body);
  });
}

const times: number[] = [];
let stored = 0;
const start = performance.now();
await Promise.all(
  Array.from({ length: clients! }, async () => {
    for (let body = bodies.shift(); body !== undefined; body = bodies.shift()) {
      const sent = performance.now();
      let answer = await send(body);
      // On a busy machine, a batch may wait too long; senders send it again.
      for (; answer.status === 503; answer = await send(body)) await setTimeout(200);
      times.push(performance.now() - sent);
      if (answer.status !== 200) throw new Error(`status ${answer.status}`);
      stored += answer.stored;
    }
  }),
);
const ms = performance.now() - start;
agent.destroy();
times.sort((a, b) => a - b);
if (stored !== logs) throw new Error(`${stored} stored of ${logs}`);
console.log(
  JSON.stringify({ rate: Math.round((stored / ms) * 1000), responseTimeoutMs: times[times.length >> 1] }),
);
