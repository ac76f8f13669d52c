import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { relaylog, type Serving, serving, workFolder } from '../support/cli.ts';
import { HIGH_LIMITS } from '../support/with-high-limits.ts';

const BATCH_SIZE = 25;
const CLIENTS = 3;

interface Batch {
  readonly number: number;
  acknowledged: boolean;
}

interface Ingested {
  readonly stored: number;
  readonly duplicates: number;
}

/** A server that is killed over and over while clients send it batches, and what they know of each batch. */
export class KilledServer {
  readonly #options: { folder: string; environment: Record<string, string> };
  readonly #key: string;
  /** Sent since the last check. */
  #batches: Batch[] = [];
  #sent = 0;
  /** Batches that were acknowledged, all kills together. */
  acknowledged = 0;
  /** Batches that were in flight at a kill, all kills together. */
  interrupted = 0;

  private constructor(options: { folder: string; environment: Record<string, string> }, key: string) {
    this.#options = options;
    this.#key = key;
  }

  /** With an organization and a key. @param storeUrl unset: SQLite. */
  static async make(storeUrl?: string): Promise<KilledServer> {
    const environment: Record<string, string> = {
      RELAYLOG_DEMO: 'off',
      RELAYLOG_LOG_LEVEL: 'error',
      ...HIGH_LIMITS,
    };
    if (storeUrl !== undefined) environment.RELAYLOG_STORE_URL = storeUrl;
    const options = { folder: workFolder(), environment };
    await relaylog(['orgs', 'create', 'acme', '--plan', 'archive'], options);
    const scopes = ['--scopes', 'logs:read,logs:write', '--json'];
    const made = await relaylog(['keys', 'create', '--org', 'acme', ...scopes], options);
    return new KilledServer(options, JSON.parse(made.out).key);
  }

  /**
   * Starts the server, checks what it kept of all that was sent before, and kills it while clients send more: so long
   * after they began, or after the first batch was acknowledged.
   */
  async round(killAfterMs: number, from: 'start' | 'acknowledged'): Promise<void> {
    const server = await serving(this.#options);
    await this.#check(server);
    const clients = Array.from({ length: CLIENTS }, () => this.#sendUntilGone(server));
    while (from === 'acknowledged' && !this.#batches.some(({ acknowledged }) => acknowledged)) await sleep(1);
    await sleep(killAfterMs);
    server.child.kill('SIGKILL');
    await Promise.all([...clients, once(server.child, 'close')]);
    this.acknowledged += this.#batches.filter(({ acknowledged }) => acknowledged).length;
    this.interrupted += this.#batches.filter(({ acknowledged }) => !acknowledged).length;
  }

  /** Checks the last round, too, and that each log that was ever sent is there once. */
  async end(): Promise<number> {
    const server = await serving(this.#options);
    await this.#check(server);
    const seen = new Set<string>();
    let rows = 0;
    let cursor = '';
    do {
      const response = await this.#fetch(server, `/v1/logs?limit=100&sort_dir=asc${cursor}`);
      const { data, pagination } = (await response.json()) as {
        data: { request_id: string }[];
        pagination: { next_cursor: string | null };
      };
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

  /** Sends everything of the last round again: what was acknowledged must be there, and all of it must then be there once. */
  async #check(server: Serving): Promise<void> {
    for (const { number, acknowledged } of this.#batches) {
      const response = await this.#send(server, number);
      const { stored, duplicates } = (await response.json()) as Ingested;
      if (acknowledged)
        expect({ number, stored, duplicates }).toEqual({ number, stored: 0, duplicates: BATCH_SIZE });
      else expect(stored + duplicates).toBe(BATCH_SIZE);
    }
    this.#batches = [];
    const query = '{ requestLogs { totalCount(exact: true) } }';
    const response = await this.#fetch(server, '/graphql', JSON.stringify({ query }));
    expect(await response.json()).toEqual({ data: { requestLogs: { totalCount: this.#sent * BATCH_SIZE } } });
  }

  async #sendUntilGone(server: Serving): Promise<void> {
    for (;;) {
      const batch: Batch = { number: this.#sent++, acknowledged: false };
      this.#batches.push(batch);
      try {
        const response = await this.#send(server, batch.number);
        const { stored } = (await response.json()) as Ingested;
        expect({ status: response.status, stored }).toEqual({ status: 200, stored: BATCH_SIZE });
        batch.acknowledged = true;
      } catch (error) {
        if (error instanceof TypeError) return; // what fetch throws where the server is gone
        throw error;
      }
    }
  }

  #send(server: Serving, number: number): Promise<Response> {
    const logs = Array.from({ length: BATCH_SIZE }, (_, i) => ({
      createdAt: Date.UTC(2026, 0, 1) + number * 1000 + i,
      requestId: `b${number}-${i}`,
      method: 'GET',
      path: '/v1/things',
      statusCode: 200,
      requestBody: 'x'.repeat(500),
    }));
    return this.#fetch(server, '/ingest/v1/request-logs', JSON.stringify(logs));
  }

  #fetch(server: Serving, path: string, body?: string): Promise<Response> {
    return fetch(server.url + path, {
      headers: { 'x-api-key': this.#key, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body }),
    });
  }
}
