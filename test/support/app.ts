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
import { jsonPost } from './json-post.ts';
import { HIGH_LIMITS } from './with-high-limits.ts';

/** 2026-04-18T12:00:00Z, the time of a test app's clock until a test moves it. */
export const TEST_NOW = Date.UTC(2026, 3, 18, 12);

/** An app on its own SQLite store; requests are sent in process. */
export interface TestApp {
  /** The app itself, to serve it over HTTP. */
  readonly app: ReturnType<typeof createApp>;
  /** The parts of the app, to create another one on the same store. */
  readonly parts: AppParts;
  readonly store: Store;
  readonly config: Config;
  /** Sets the clock. @param now Unix milliseconds. */
  setNow(now: number): void;
  /** Creates a key, and its organization if it does not exist. Default: every scope, plan archive, no expiry. */
  key(
    organizationId: string,
    scopes?: readonly Scope[],
    plan?: string,
    expiresAt?: number | null,
  ): Promise<string>;
  revoke(key: string): Promise<void>;
  /** Stores logs with these fields; default: a second before `TEST_NOW`, request ids r0, r1, … */
  insert(...logs: Partial<RequestLog>[]): Promise<RequestLog[]>;
  /** @param from the client's address; by default the app does not know one. */
  request(path: string | Request, init?: RequestInit, from?: string): Promise<Response>;
  /** Sends a JSON body with POST. Default path: `/graphql`. */
  post(key: string, body: unknown, headers?: Record<string, string>, path?: string): Promise<Response>;
  graphql<T = Record<string, never>>(
    key: string,
    query: string,
    variables?: object,
  ): Promise<GraphQLAnswer<T>>;
  close(): Promise<void>;
}

export interface GraphQLAnswer<T> {
  readonly status: number;
  readonly data: T;
  readonly errors?: readonly { message: string; path?: unknown[]; extensions: { code: string } }[];
}

/**
 * @param environment variables that override the defaults: no log lines, and rate limits that no test reaches.
 * @param wrap wraps the app's store, to count calls or to make them fail.
 * @param log receives each line that the app logs; RELAYLOG_LOG_LEVEL must be set, because it is silent by default.
 * @param endpoints default: `ENDPOINTS`.
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
    request(path, jsonPost(key, body, headers));

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
