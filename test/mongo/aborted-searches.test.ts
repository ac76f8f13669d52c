import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Filter } from '../../src/log/filter.ts';
import { type Connection, connectionTo } from '../../src/store/mongo/connection.ts';
import { countLogs } from '../../src/store/mongo/logs.ts';
import { startSearch } from '../../src/store/mongo/search.ts';
import { MongoStore } from '../../src/store/mongo/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { trials } from '../long/trials.ts';
import { relaylog, type Serving, serving, workFolder } from '../support/cli.ts';
import { HIGH_LIMITS } from '../support/with-high-limits.ts';
import { ingestBatch } from './ingest-batch.ts';
import { databaseUrl, dropDatabase, SERVERS, testDatabase } from './servers.ts';

const CONNECTIONS = 40;
const ABORT_MS = 150;
const ROUNDS = trials('RELAYLOG_LONG_ABORT_ROUNDS', 4);
const PAGE = '{ requestLogs(first: 50) { nodes { id path statusCode } } }';
const nowhere = (count: number) =>
  `or: [${Array.from({ length: count }, (_, i) => `{ path: { contains: "nowhere${i}" } }`)}]`;

/* One key starts searches and counts on many connections and aborts each after 150 ms. */
describe.each(SERVERS)('aborted searches on $name', (server) => {
  const database = testDatabase();
  // A server that runs one command at a time gets one search at a time, and rate limits are kept away from it.
  const url = databaseUrl(server, database) + (server.isSerial ? '&maxPoolSize=10' : '');
  const [batches, terms] = server.isSerial ? [6, 9] : [600, 20];
  const folder = workFolder();
  const environment = {
    ...HIGH_LIMITS,
    RELAYLOG_STORE_URL: url,
    RELAYLOG_LOG_LEVEL: 'error',
    RELAYLOG_RATE_LIMIT_BACKEND: server.isSerial ? 'memory' : 'auto',
  };
  const agent = new Agent({ keepAlive: true });
  let gateway: Serving;
  const keys: Record<string, string> = {};

  beforeAll(async () => {
    for (const name of ['attacker', 'quiet']) {
      await relaylog(['orgs', 'create', name, '--plan', 'archive'], { folder, environment });
      const args = ['keys', 'create', '--org', name, '--scopes', 'logs:read', '--json'];
      keys[name] = JSON.parse((await relaylog(args, { folder, environment })).out).key;
    }
    const store = await openStore(url);
    for (let i = 0; i < batches; i++) await store.insert(ingestBatch(i, 'attacker'));
    await store.insert(ingestBatch(0, 'quiet'));
    await store.close();
    gateway = await serving({ folder, environment });
  });
  afterAll(async () => {
    agent.destroy();
    await gateway.stop();
    await dropDatabase(server, database);
  });

  /** Sends a query. Returns the response body, or null if the request was aborted. */
  async function ask(organization: string, query: string, abortMs?: number): Promise<string | null> {
    const sent = request(`${gateway.url}/graphql`, {
      agent,
      method: 'POST',
      headers: { 'x-api-key': keys[organization]!, 'content-type': 'application/json' },
    });
    sent.end(JSON.stringify({ query }));
    const timer = abortMs && setTimeout(() => sent.destroy(), abortMs);
    try {
      const [response] = await once(sent, 'response');
      return (await Array.fromAsync(response, String)).join('');
    } catch (error) {
      if (abortMs === undefined) throw error;
      return null;
    } finally {
      clearTimeout(timer || undefined);
    }
  }

  /** Requests pages of the other organization, one after the other. Returns how long each took, in milliseconds. */
  async function pageTimes(seconds: number): Promise<number[]> {
    const times: number[] = [];
    for (const end = performance.now() + seconds * 1000; performance.now() < end; await sleep(10)) {
      const start = performance.now();
      const answer = await ask('quiet', PAGE);
      times.push(performance.now() - start);
      expect(JSON.parse(answer!)).toMatchObject({ data: { requestLogs: { nodes: { length: 50 } } } });
    }
    return times;
  }

  const filter = nowhere(terms);
  const searches = [
    `{ requestLogs(filter: { ${filter} }) { totalCount } }`,
    `{ requestLogs(filter: { statusCode: { gte: 100 }, ${filter} }, sort: { field: DURATION_MS }) { nodes { id } } }`,
  ];

  /** Aborts searches until the returned function is called, which returns how many were aborted. */
  function attack() {
    let going = true;
    const attackers = Array.from({ length: CONNECTIONS }, async (_, i) => {
      let aborted = 0;
      while (going) {
        if ((await ask('attacker', searches[i % 2]!, ABORT_MS)) === null) aborted++;
        else await sleep(ABORT_MS);
      }
      return aborted;
    });
    return async () => {
      going = false;
      return (await Promise.all(attackers)).reduce((sum, aborted) => sum + aborted);
    };
  }

  const slowFilter: Filter = {
    op: 'or',
    filters: Array.from({ length: terms }, (_, i) => ({
      op: 'contains' as const,
      field: 'path' as const,
      value: `nowhere${i}`,
    })),
  };
  const scope = { organizationId: 'attacker', visibleFrom: null };

  it('end when the server has responded, which is asked to kill their session', async () => {
    const connection = connectionTo(url, 10_000, { monitorCommands: true });
    const events: string[] = [];
    const sessions = new Map<string, unknown>();
    connection.client.on('commandStarted', ({ commandName, command }) => {
      events.push(`${commandName} started`);
      sessions.set(commandName, commandName === 'killSessions' ? command.killSessions[0] : command.lsid);
    });
    connection.client.on('commandSucceeded', ({ commandName }) => events.push(`${commandName} ended`));
    await connection.client.connect();
    const client = new AbortController();
    const work = (on: Connection) => countLogs(on, scope, slowFilter, null);
    const { result, ended } = startSearch(connection, 10_000, work, { signal: client.signal });
    const rejected = expect(result).rejects.toMatchObject({ code: 'CLIENT_CLOSED_REQUEST' });
    while (!events.includes('aggregate started')) await sleep(1);
    client.abort();
    await rejected;
    expect(events).not.toContain('aggregate ended');
    await ended;
    expect(events).toContain('aggregate ended');
    expect(sessions.get('killSessions')).toEqual(sessions.get('aggregate'));
    await connection.client.close();
  });

  it('do not delay the end of the process', async () => {
    const store = new MongoStore({ url });
    await store.ping();
    const searches = Array.from({ length: 20 }, () =>
      store.count(scope, slowFilter, null).then(
        () => 'done',
        (error) => error.code,
      ),
    );
    await sleep(50);
    await store.close();
    const results = new Set(await Promise.all(searches));
    results.delete('done');
    expect([...results]).toEqual(['UNAVAILABLE']);
    await expect(store.ping()).rejects.toThrow('the store is closed');
  });

  it("make another organization's pages at most 3 times slower", async () => {
    await pageTimes(2);
    const [quiet, attacked]: [number[], number[]] = [[], []];
    let aborted = 0;
    // Rounds alternate, because the machine may have other work at any time.
    for (let round = 0; round < ROUNDS; round++) {
      quiet.push(...(await pageTimes(2)));
      const stop = attack();
      await sleep(500);
      attacked.push(...(await pageTimes(2)));
      aborted += await stop();
      // By then, the database has ended the searches.
      await sleep(1_000);
    }
    const [before, during] = [median(quiet), median(attacked)];
    console.log({ server: server.name, aborted, 'quiet ms': before, 'attacked ms': during });
    expect(aborted).toBeGreaterThan(CONNECTIONS);
    expect(during).toBeLessThan(3 * before);
  });
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
