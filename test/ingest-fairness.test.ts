import { afterAll, beforeAll, expect, it } from 'vitest';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';

const MAX_BYTES = 400_000;
const FLOOD = 20;
/** Two are being stored, and two more are stored with the one that waits; twice that, as answers arrive late. */
const MOST_BEFORE = 8;

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ RELAYLOG_INGEST_MAX_BYTES: String(MAX_BYTES) });
});
afterAll(() => app.close());

const log = (requestId: string, requestBody = '') =>
  JSON.stringify({ requestId, createdAt: TEST_NOW, method: 'POST', path: '/', statusCode: 200, requestBody });

/** A valid batch of the largest size. */
function largestBatch(name: string): string {
  const line = (i: number) => log(`${name}-${i}`, `${'text, '.repeat(60)}${i}`);
  const count = Math.floor((MAX_BYTES - 1) / (line(100_000).length + 1));
  return Array.from({ length: count }, (_, i) => line(i)).join('\n');
}

it('a batch of one log does not wait for the batches of another organization that wait', async () => {
  const [flooder, quiet] = [await app.key('flooder'), await app.key('quiet')];
  const post = (key: string, body: string) =>
    app.request('/ingest/v1/request-logs', {
      method: 'POST',
      headers: {
        'x-api-key': key,
        'content-type': 'application/x-ndjson',
        'content-length': String(body.length),
      },
      body,
    });
  const bodies = Array.from({ length: FLOOD }, (_, i) => largestBatch(`flood${i}`));
  let answered = 0;
  const flood = bodies.map(async (body) => {
    const response = await post(flooder, body);
    answered += 1;
    return response.status;
  });
  const waits: number[] = [];
  for (let i = 0; answered < FLOOD - 4; i++) {
    const before = answered;
    const response = await post(quiet, log(`quiet${i}`));
    expect(await response.json()).toMatchObject({ stored: 1 });
    waits.push(answered - before);
  }
  expect(new Set(await Promise.all(flood))).toEqual(new Set([200]));
  expect(waits.length).toBeGreaterThan(2);
  expect(Math.max(...waits)).toBeLessThanOrEqual(MOST_BEFORE);
});
