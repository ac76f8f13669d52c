import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashKey, newApiKey } from '../../src/access/api-key.ts';
import { SCOPE_NAMES, type Scope } from '../../src/access/scopes.ts';
import { type AppParts, createApp } from '../../src/app.ts';
import { type Config, loadConfig } from '../../src/config/config.ts';
import type { Endpoint } from '../../src/http/endpoint.ts';
import { ingestThread } from '../../src/ingest/ingest-thread.ts';
import { ingestSettings } from '../../src/ingest/settings.ts';
import type { RequestLog } from '../../src/log/request-log.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { recorded, sampleLog } from '../store/samples.ts';
import { HIGH_LIMITS } from './with-high-limits.ts';

/** 2026-04-18T12:00:00Z: what the clock of a test app says unless a test moves it. */
export const TEST_NOW = Date.UTC(2026, 3, 18, 12);

/** An app on a store of its own, asked in process. */
export interface TestApp {
  /** For a server of its own. */
  readonly app: ReturnType<typeof createApp>;
  /** For another app on the same store. */
  readonly parts: AppParts;
  readonly store: Store;
  readonly config: Config;
  /** Moves the clock. */
  setNow(now: number): void;
  /** Makes a key, and its organization if there is none yet. */
  key(
    organizationId: string,
    scopes?: readonly Scope[],
    plan?: string,
    expiresAt?: number | null,
  ): Promise<string>;
  revoke(key: string): Promise<void>;
  insert(...logs: Partial<RequestLog>[]): Promise<RequestLog[]>;
  /** @param from the client's address; unset: not known. */
  request(path: string | Request, init?: RequestInit, from?: string): Promise<Response>;
  /** POSTs JSON, to `/graphql` unless another path is given. */
  post(key: string, body: unknown, headers?: Record<string, string>, path?: string): Promise<Response>;
  graphql<T = Record<string, never>>(
    key: string,
    query: string,
    variables?: object,
  ): Promise<GraphQLAnswer<T>>;
  close(): Promise<void>;
}

interface GraphQLAnswer<T> {
  readonly status: number;
  readonly data: T;
  readonly errors?: readonly { message: string; path?: unknown[]; extensions: { code: string } }[];
}

/**
 * @param wrap puts something between the app and its store, to count or to break calls.
 * @param log is given each line that the app logs, where RELAYLOG_LOG_LEVEL is not silent.
 * @param endpoints `ENDPOINTS` unless given.
 */
export async function testApp(
  environment: Record<string, string> = {},
  wrap: (store: Store) => Store = (store) => store,
  log?: (line: string) => void,
  endpoints?: readonly Endpoint[],
): Promise<TestApp> {
  const folder = mkdtempSync(join(tmpdir(), 'relaylog-'));
  const storeUrl = `sqlite:${join(folder, 'store.db')}`;
  const config = loadConfig({
    RELAYLOG_STORE_URL: storeUrl,
    RELAYLOG_LOG_LEVEL: 'silent',
    ...HIGH_LIMITS,
    ...environment,
  });
  const store = await openStore(config.RELAYLOG_STORE_URL);
  const ingest = ingestThread(ingestSettings(config));
  let now = TEST_NOW;
  const logger = createLogger(config.RELAYLOG_LOG_LEVEL, log && { write: log });
  const parts = { config, store: wrap(store), ingest, logger, now: () => now };
  const app = createApp(endpoints === undefined ? parts : { ...parts, endpoints });
  const request = async (path: string | Request, init?: RequestInit, from?: string) =>
    app.request(path, init, from === undefined ? {} : { incoming: { socket: { remoteAddress: from } } });

  const post: TestApp['post'] = async (key, body, headers = {}, path = '/graphql') =>
    request(path, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  return {
    app,
    parts,
    store,
    config,
    setNow(value) {
      now = value;
    },
    async key(organizationId, scopes = SCOPE_NAMES, plan = 'archive', expiresAt = null) {
      await store.createOrganization({ id: organizationId, plan, createdAt: now });
      const { key, record } = newApiKey({ organizationId, scopes, expiresAt }, now);
      await store.createKey(record);
      return key;
    },
    async revoke(key) {
      const owner = await store.findKeyOwner(hashKey(key));
      await store.revokeKey(owner!.key.id, now);
    },
    async insert(...fields) {
      const logs = fields.map((one, i) =>
        sampleLog({ createdAt: TEST_NOW - 1000, requestId: `r${i}`, ...one }),
      );
      await store.insert(logs.map(recorded));
      return logs;
    },
    request,
    post,
    async graphql<T>(key: string, query: string, variables?: object) {
      const response = await post(key, { query, variables });
      return { status: response.status, ...((await response.json()) as Omit<GraphQLAnswer<T>, 'status'>) };
    },
    async close() {
      await ingest.close();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}
