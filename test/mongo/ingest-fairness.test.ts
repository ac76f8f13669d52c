import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relaylog, type Serving, serving, workFolder } from '../support/cli.ts';
import { HIGH_LIMITS } from '../support/with-high-limits.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase } from './servers.ts';

/** The maximum number of logs in a batch. */
const LOGS = 10_000;

describe.each(SERVERS)('ingest of two organizations into $name', (server) => {
  const database = testDatabase();
  const folder = workFolder();
  const environment = {
    ...HIGH_LIMITS,
    RELAYLOG_STORE_URL: databaseUrl(server, database),
    RELAYLOG_LOG_LEVEL: 'error',
  };
  // A server that runs one command at a time takes ten seconds for one of them.
  const largeBatches = server.isSerial ? 1 : 3;
  const keys: Record<string, string> = {};
  let gateway: Serving;

  beforeAll(async () => {
    for (const name of ['flooder', 'quiet']) {
      await relaylog(['orgs', 'create', name, '--plan', 'archive'], { folder, environment });
      const args = ['keys', 'create', '--org', name, '--scopes', 'logs:write', '--json'];
      keys[name] = JSON.parse((await relaylog(args, { folder, environment })).out).key;
    }
    gateway = await serving({ folder, environment });
  });
  afterAll(async () => {
    await gateway.stop();
    await dropDatabase(server, database);
  });

  const batch = (name: string, count: number) =>
    JSON.stringify(
      Array.from({ length: count }, (_, i) => ({
        requestId: `${name}-${i}`,
        createdAt: Date.now() - i,
        method: 'POST',
        path: `/v1/things/${i}`,
        statusCode: 200,
        requestBody: { text: 'some text '.repeat(60) },
      })),
    );
  const send = (organization: string, body: string) =>
    fetch(`${gateway.url}/ingest/v1/request-logs`, {
      method: 'POST',
      headers: { 'x-api-key': keys[organization]!, 'content-type': 'application/json' },
      body,
    });
  /** Like a sender that keeps a batch until it is stored. */
  async function sendUntilStored(organization: string, body: string): Promise<void> {
    while ((await send(organization, body)).status === 503);
  }

  it('a batch of one log does not wait for the largest batches of another organization', async () => {
    await send('quiet', batch('first', 1));
    let stored = 0;
    const flood = Array.from({ length: largeBatches }, async (_, n) => {
      await sendUntilStored('flooder', batch(`large${n}`, LOGS));
      stored += 1;
    });
    let quiet = 0;
    let withoutWaiting = 0;
    while (stored < largeBatches) {
      const before = stored;
      const response = await send('quiet', batch(`quiet${quiet++}`, 1));
      expect(await response.json()).toMatchObject({ stored: 1 });
      if (stored === before) withoutWaiting += 1;
    }
    await Promise.all(flood);
    expect(withoutWaiting).toBeGreaterThan(5 * largeBatches);
  }, 120_000);
});
