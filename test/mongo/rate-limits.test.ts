import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relaylog, type Serving, serving, workFolder } from '../support/cli.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase, withClient } from './servers.ts';

const BURST = 40;

describe.each(SERVERS)('two gateways on $name', (server) => {
  const database = testDatabase();
  const folder = workFolder();
  const environment = {
    RELAYLOG_STORE_URL: databaseUrl(server, database),
    RELAYLOG_LOG_LEVEL: 'error',
    // The burst takes an hour to refill, so the refill during the test is negligible.
    RELAYLOG_SCRIP_REQUESTS_PER_SECOND: '1',
    RELAYLOG_SCRIP_BURST_REQUESTS: '3600',
  };
  let gateways: readonly Serving[] = [];
  let key: string;

  beforeAll(async () => {
    await relaylog(['orgs', 'create', 'acme', '--plan', 'archive'], { folder, environment });
    const scopes = ['--scopes', 'logs:read', '--json'];
    const made = await relaylog(['keys', 'create', '--org', 'acme', ...scopes], { folder, environment });
    key = JSON.parse(made.out).key;
    gateways = await Promise.all([serving({ folder, environment }), serving({ folder, environment })]);
  });
  afterAll(async () => {
    const ended = await Promise.all(gateways.map((gateway) => gateway.stop()));
    expect(ended.map(({ err }) => err)).toEqual(['', '']);
    await dropDatabase(server, database);
  });

  it('share the rate limit of an organization, however many of its calls are in flight', async () => {
    const calls = Array.from({ length: BURST }, (_, i) =>
      fetch(`${gateways[i % 2]!.url}/v1/logs?limit=1`, { headers: { 'x-api-key': key } }),
    );
    const answers = await Promise.all(calls);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const used = await withClient(server.url, async (client) => {
      const buckets = client.db(database).collection<{ _id: string; used: number }>('rate_limit_buckets');
      return (await buckets.findOne({ _id: 'scrip/acme' }))?.used;
    });
    // The refill during the calls, one per second, is smaller than the difference that separate counts would make.
    expect(used).toBeGreaterThan(BURST / 2 + 1);
    expect(used).toBeLessThanOrEqual(BURST);
  });
});
