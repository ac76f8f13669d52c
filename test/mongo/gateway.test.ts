import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relaylog, type Serving, serving, workFolder } from '../support/cli.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase } from './servers.ts';

/* The real gateway with a real server that is down at the start, starts, is killed, and starts again. */

const MAX_START_MS = 30_000;

describe.each(SERVERS.filter(({ script }) => script !== null))('the gateway on $name', (server) => {
  const database = testDatabase();
  const environment = { RELAYLOG_STORE_URL: databaseUrl(server, database) };
  const folder = workFolder();
  const control = (verb: 'kill' | 'resume') => execFileSync(server.script!, [verb], { stdio: 'ignore' });
  let gateway: Serving;
  let key: string;
  let acknowledged = 0;

  beforeAll(async () => {
    const run = (...args: string[]) => relaylog(args, { folder, environment });
    expect(await run('orgs', 'create', 'acme', '--plan', 'archive')).toMatchObject({ status: 0 });
    const made = await run(
      'keys',
      'create',
      '--org',
      'acme',
      '--scopes',
      'logs:read,billing:read,logs:write',
      '--json',
    );
    key = JSON.parse(made.out).key;
    control('kill');
    gateway = await serving({ folder, environment });
  });
  afterAll(async () => {
    await gateway.stop();
    await dropDatabase(server, database);
  });

  const timed = async (path: string, init: RequestInit = {}) => {
    const start = performance.now();
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    const response = await fetch(gateway.url + path, { ...init, headers });
    return { response, text: await response.text(), ms: performance.now() - start };
  };
  const count = (init: object = {}) =>
    timed('/graphql', {
      method: 'POST',
      body: JSON.stringify({ query: '{ requestLogs { totalCount } }' }),
      ...init,
    });
  const ingest = async (name: string) => {
    const logs = Array.from({ length: 20 }, (_, i) => ({
      createdAt: Date.now(),
      requestId: `${name}${i}`,
      method: 'GET',
      path: '/',
      statusCode: 200,
      requestBody: { name },
    }));
    const { response } = await timed('/ingest/v1/request-logs', {
      method: 'POST',
      body: JSON.stringify(logs),
    });
    if (response.status === 200) acknowledged += logs.length;
    return response.status;
  };
  const untilReady = async () => {
    const end = Date.now() + MAX_START_MS;
    while ((await timed('/readyz')).response.status !== 200) {
      if (Date.now() > end) throw new Error('The gateway was not ready in time');
      await new Promise((later) => setTimeout(later, 250));
    }
  };

  async function expectUnavailable() {
    const ready = await timed('/readyz');
    expect(ready.response.status).toBe(503);
    expect(ready.text).toMatch(/^The log store is unavailable: /);
    const graphql = await count();
    expect(graphql.response.status).toBe(503);
    expect(JSON.parse(graphql.text)).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE' } }] });
    const scrip = await timed('/v1/logs');
    expect(JSON.parse(scrip.text)).toMatchObject({ code: 'unavailable' });
    const signa = await timed('/v1/organization/logs');
    expect(JSON.parse(signa.text)).toMatchObject({ error: { type: 'service_unavailable', retryable: true } });
    for (const { response, text, ms } of [graphql, scrip, signa]) {
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(ms).toBeLessThan(2_500);
      expect(text).not.toMatch(/127\.0\.0\.1|localhost|mongodb/i);
    }
    expect((await timed('/livez')).response.status).toBe(200);
  }

  it('starts without the server and responds with 503 and the reason, then serves requests once the server is up', async () => {
    await expectUnavailable();
    control('resume');
    await untilReady();
    expect(await ingest('first')).toBe(200);
    expect(JSON.parse((await count()).text)).toEqual({ data: { requestLogs: { totalCount: acknowledged } } });
  });

  it('loses nothing that it acknowledged when the database is killed, and recovers without a restart', async () => {
    const sending = Array.from({ length: 8 }, (_, i) => ingest(`during${i}-`));
    setTimeout(() => control('kill'), 20);
    await Promise.allSettled(sending);
    await expectUnavailable();
    control('resume');
    await untilReady();
    const { data } = JSON.parse((await count()).text);
    expect(data.requestLogs.totalCount).toBeGreaterThanOrEqual(acknowledged);
    for (let i = 0; i < 8; i++) expect(await ingest(`during${i}-`)).toBe(200);
    expect(JSON.parse((await count()).text)).toEqual({ data: { requestLogs: { totalCount: 20 * 9 } } });
  });

  it('has all acknowledged logs after it was killed itself', async () => {
    expect(await ingest('last')).toBe(200);
    await gateway.stop('SIGKILL');
    gateway = await serving({ folder, environment });
    expect(JSON.parse((await count()).text)).toEqual({ data: { requestLogs: { totalCount: 20 * 10 } } });
  });

  it('logs no password and no host of the store', async () => {
    const { out, err } = await gateway.stop();
    expect(out + err).not.toMatch(/password|127\.0\.0\.1:27/i);
    gateway = await serving({ folder, environment });
  });
});
