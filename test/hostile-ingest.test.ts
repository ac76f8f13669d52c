import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEST_NOW, type TestApp, testApp } from './support/app.ts';
import { hostileBatches } from './support/hostile-batches.ts';
import { usualBatch } from './support/usual-batch.ts';

const LEVELS = 1_000_000;
const nested = '['.repeat(LEVELS) + ']'.repeat(LEVELS);
const objects = `${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`;
/** JSON text of a batch with one log that has this additional member. */
const batch = (member: string) =>
  `[{"createdAt":${TEST_NOW},"method":"GET","path":"/","statusCode":200,${member}}]`;

const BATCH_BYTES = 10_485_760;

/** CPU time of all threads, in milliseconds. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

describe('hostile ingest requests', () => {
  let app: TestApp;
  let key: string;
  /** CPU time of `JSON.parse` for a usual batch, in milliseconds. */
  let parsing: number;
  beforeAll(async () => {
    app = await testApp();
    key = await app.key('acme');
    const text = usualBatch(BATCH_BYTES);
    const parse = () => cpuOf(async () => JSON.parse(text));
    parsing = Math.min(await parse(), await parse(), await parse());
  });
  afterAll(() => app.close());

  const post = async (body: string, type = 'application/json') => {
    const response = await app.request('/ingest/v1/request-logs', {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': type },
      body,
    });
    return { status: response.status, text: await response.text() };
  };

  it.each([
    ['lists', nested, 'at most 100 levels deep'],
    ['unclosed lists', '['.repeat(LEVELS), 'not JSON'],
    ['objects', `[${objects}]`, 'at most 100 levels deep'],
    ['a body of lists', batch(`"requestBody":${nested}`), 'at most 100 levels deep'],
    ['a body of objects', batch(`"responseBody":${objects}`), 'at most 100 levels deep'],
    ['a header of lists', batch(`"requestHeaders":{"a":${nested}}`), 'at most 100 levels deep'],
    ['a trace id of lists', batch(`"traceId":${nested}`), 'at most 100 levels deep'],
  ])(`answers ${LEVELS} nesting levels with 400: %s`, async (_name, body, reason) => {
    const { status, text } = await post(body);
    expect(status).toBe(400);
    expect(text).toContain(reason);
    expect(text.length).toBeLessThan(1_000);
  });

  it('rejects a line of a million nesting levels and stores the other lines', async () => {
    const line = batch('"requestId":"beside"').slice(1, -1);
    const { status, text } = await post(`${nested}\n${line}\n${objects}`, 'application/x-ndjson');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({
      received: 3,
      stored: 1,
      rejected: [{ index: 0 }, { index: 2 }],
    });
  });

  it.each(['"__proto__":{"x":1}', '"constructor":{"prototype":{}}', '"toString":1', '"hasOwnProperty":null'])(
    'treats a prototype key as an unknown field: %s',
    async (member) => {
      const { status, text } = await post(batch(member));
      expect(status).toBe(400);
      expect(JSON.parse(text)).toMatchObject({ stored: 0, rejected: [{ index: 0 }] });
      expect(Reflect.get({}, 'x')).toBeUndefined();
    },
  );

  /** Times what `JSON.parse` takes for a usual batch: alone, each takes up to 2; up to 250 where all is parsed first. */
  const MOST_CPU = 8;
  it.each(hostileBatches(BATCH_BYTES, TEST_NOW).map((one) => [one.name, one] as const))(
    'a batch of 10 MB is refused for little CPU time: %s',
    async (_name, { body, type, gzip, status }) => {
      const headers = { 'x-api-key': key, 'content-type': type, 'content-length': String(body.length) };
      const init = {
        method: 'POST',
        headers: gzip ? { ...headers, 'content-encoding': 'gzip' } : headers,
        body,
      };
      let response: Response | undefined;
      const cpu = await cpuOf(async () => {
        response = await app.request('/ingest/v1/request-logs', init);
      });
      expect({ status: response!.status, size: (await response!.text()).length }).toEqual({
        status,
        size: expect.toSatisfy((size: number) => size < 150_000),
      });
      expect(cpu / parsing).toBeLessThan(MOST_CPU);
    },
  );

  it('a batch of blank lines is an empty batch', async () => {
    for (const body of ['\n', ' \r\n\t\n', '\uFEFF\n']) {
      const { status, text } = await post(body, 'application/x-ndjson');
      expect(status).toBe(400);
      expect(text).toContain('The body is empty');
    }
  });
});
