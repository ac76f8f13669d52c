import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { relaylog, type Serving, serving, workFolder } from '../support/cli.ts';
import { jsonPost } from '../support/json-post.ts';
import { HIGH_LIMITS } from '../support/with-high-limits.ts';

const BATCH_SIZE = 25;
const CLIENTS = 3;
/** How often a request is sent to a server that is busy. */
const MAX_ATTEMPTS = 30;

interface Batch {
  readonly number: number;
  acknowledged: boolean;
}

interface Ingested {
  readonly stored: number;
  readonly duplicates: number;
}

/** A server that is killed repeatedly while clients send it batches, and the clients' record of each batch. */
export class KilledServer {
  readonly #options: { folder: string; environment: Record<string, string> };
  readonly #key: string;
  /** Batches that were sent since the last check. */
  #batches: Batch[] = [];
  #sent = 0;
  /** The number of acknowledged batches, over all kills. */
  acknowledged = 0;
  /** The number of batches in flight at a kill, over all kills. */
  interrupted = 0;
  /** The number of requests that the server refused because it was busy, over all kills. */
  busy = 0;

  private constructor(options: { folder: string; environment: Record<string, string> }, key: string) {
    this.#options = options;
    this.#key = key;
  }

  /** Creates the store with an organization and a key. @param storeUrl default: SQLite. */
  static async make(storeUrl?: string): Promise<KilledServer> {
    const environment: Record<string, string> = {
      RELAYLOG_LOG_LEVEL: 'error',
      ...HIGH_LIMITS,
    };
    if (storeUrl !== undefined) environment.RELAYLOG_STORE_URL = storeUrl;
    const options = { folder: workFolder(), environment };
    const organization = await relaylog(['orgs', 'create', 'acme', '--plan', 'archive'], options);
    expect(organization).toMatchObject({ status: 0, err: '' });
    const scopes = ['--scopes', 'logs:read,logs:write', '--json'];
    const made = await relaylog(['keys', 'create', '--org', 'acme', ...scopes], options);
    expect(made).toMatchObject({ status: 0, err: '' });
    return new KilledServer(options, JSON.parse(made.out).key);
  }

  /**
   * Starts the server, checks which of the earlier batches it kept, and kills it while clients send more.
   *
   * @param killAfterMs the delay before the kill.
   * @param from whether the delay starts with the first request or with the first acknowledged batch.
   */
  async round(killAfterMs: number, from: 'start' | 'acknowledged'): Promise<void> {
    const server = await serving(this.#options);
    await this.#check(server);
    const clients = Array.from({ length: CLIENTS }, () => this.#sendUntilKilled(server));
    while (from === 'acknowledged' && !this.#batches.some(({ acknowledged }) => acknowledged)) await sleep(1);
    await sleep(killAfterMs);
    server.child.kill('SIGKILL');
    await Promise.all([...clients, once(server.child, 'close')]);
    this.acknowledged += this.#batches.filter(({ acknowledged }) => acknowledged).length;
    this.interrupted += this.#batches.filter(({ acknowledged }) => !acknowledged).length;
  }

  /** Checks the last round, and that each log that was ever sent is stored exactly once. Returns the number of logs. */
  async end(): Promise<number> {
    const server = await serving(this.#options);
    await this.#check(server);
    const seen = new Set<string>();
    let rows = 0;
    let cursor = '';
    do {
      const { data, pagination } = await this.#ask<{
        data: { request_id: string }[];
        pagination: { next_cursor: string | null };
      }>(server, `/v1/logs?limit=100&sort_dir=asc${cursor}`);
      for (const { request_id } of data) seen.add(request_id);
      rows += data.length;
      cursor = pagination.next_cursor === null ? 'end' : `&cursor=${pagination.next_cursor}`;
    } while (cursor !== 'end');
    expect({ rows, different: seen.size }).toEqual({
      rows: this.#sent * BATCH_SIZE,
      different: this.#sent * BATCH_SIZE,
    });
    expect((await server.stop()).status).toBe(0);
    return rows;
  }

  /** Sends the batches of the last round again. Acknowledged ones must be stored already; afterwards each must be stored once. */
  async #check(server: Serving): Promise<void> {
    for (const { number, acknowledged } of this.#batches) {
      const { busy } = this;
      const { stored, duplicates } = await this.#ask<Ingested>(server, INGEST, batchOf(number));
      // A batch that the busy server refused may have been stored.
      if (acknowledged && this.busy === busy)
        expect({ number, stored, duplicates }).toEqual({ number, stored: 0, duplicates: BATCH_SIZE });
      else expect(stored + duplicates).toBe(BATCH_SIZE);
    }
    this.#batches = [];
    const query = '{ requestLogs { totalCount(exact: true) } }';
    expect(await this.#ask(server, '/graphql', { query })).toEqual({
      data: { requestLogs: { totalCount: this.#sent * BATCH_SIZE } },
    });
  }

  async #sendUntilKilled(server: Serving): Promise<void> {
    for (;;) {
      const batch: Batch = { number: this.#sent++, acknowledged: false };
      this.#batches.push(batch);
      try {
        const { stored, duplicates } = await this.#ask<Ingested>(server, INGEST, batchOf(batch.number));
        expect(stored + duplicates).toBe(BATCH_SIZE);
        batch.acknowledged = true;
      } catch (error) {
        if (server.child.killed) return;
        throw error;
      }
    }
  }

  /** Sends a request, and again if the server is too busy, as clients do. @throws Error with any other response. */
  async #ask<T>(server: Serving, path: string, body?: object): Promise<T> {
    const init = body === undefined ? { headers: { 'x-api-key': this.#key } } : jsonPost(this.#key, body);
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(server.url + path, init);
      const text = await response.text();
      // GraphQL answers 200 with the error.
      const isBusy = response.status === 503 || /"code":"(?:UNAVAILABLE|QUERY_TIMEOUT)"/.test(text);
      if (response.status === 200 && !isBusy) return JSON.parse(text) as T;
      if (!isBusy || attempt === MAX_ATTEMPTS) throw new Error(`${response.status} ${text}`);
      this.busy++;
      await sleep(1_000);
    }
  }
}

const INGEST = '/ingest/v1/request-logs';

function batchOf(number: number): object[] {
  return Array.from({ length: BATCH_SIZE }, (_, i) => ({
    createdAt: Date.UTC(2026, 0, 1) + number * 1000 + i,
    requestId: `b${number}-${i}`,
    method: 'GET',
    path: '/v1/things',
    statusCode: 200,
    requestBody: 'x'.repeat(500),
  }));
}
