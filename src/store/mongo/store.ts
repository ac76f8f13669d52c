import { RelaylogError } from '../../log/errors.ts';
import type { Filter } from '../../log/filter.ts';
import type { LogQuery, LogScope } from '../../log/query.ts';
import type { RecordedRequest } from '../../log/request-log.ts';
import { planPage } from '../access-path.ts';
import type { BucketRequest } from '../bucket.ts';
import { FairQueue, SEARCH_WAIT_LIMITS } from '../fair-queue.ts';
import { isOnePage } from '../one-page.ts';
import { CountedPermits } from '../permits.ts';
import { READ_MS, readBudget } from '../read-budget.ts';
import type { ApiKey, Organization, ReadOptions, Store, StoreCaches, StoreCapabilities } from '../store.ts';
import * as access from './access.ts';
import * as buckets from './buckets.ts';
import { type Connection, connectionTo } from './connection.ts';
import { translateError } from './errors.ts';
import { insertBatch } from './insert.ts';
import { KeyOwners, keyOwnersSettled } from './key-owners.ts';
import * as logs from './logs.ts';
import * as retention from './retention.ts';
import { ensureSchema, ensureSecret, replaceSecret } from './schema/create.ts';

export interface MongoOptions {
  /** `mongodb://…` or `mongodb+srv://…` with any option of the driver; its path names the database. */
  readonly url: string;
  /** The time limit of a read, in milliseconds. Default: 10,000. */
  readonly readMs?: number | undefined;
}

/** Extra time to wait for the response of a read beyond its time limit on the server, in milliseconds. */
const NETWORK_MS = 1_000;

/**
 * The store for gateways on several machines. It connects at the first call. While no server is reachable, each call fails
 * with UNAVAILABLE within two seconds; it reconnects on its own.
 */
export class MongoStore implements Store {
  readonly #connection: Connection;
  readonly #readMs: number;
  readonly #searches: FairQueue<true>;
  readonly #owners = new KeyOwners();
  #ready: Promise<void> | undefined;

  /** @throws Error if the URL is not a valid MongoDB URL; the message does not contain it. */
  constructor({ url, readMs = READ_MS }: MongoOptions) {
    this.#connection = connectionTo(url, readMs);
    this.#readMs = readMs;
    this.#searches = new FairQueue(searchPermits(this.#connection), SEARCH_WAIT_LIMITS);
  }

  readonly capabilities: StoreCapabilities = {
    system: 'mongodb',
    servesSeveralMachines: true,
    combinesInserts: false,
  };

  get caches(): StoreCaches {
    return { keyOwners: this.#owners.cache };
  }

  insert = (batch: readonly RecordedRequest[]) => this.#run((on) => insertBatch(on, batch));
  find(query: LogQuery, options?: ReadOptions) {
    const read = (on: Connection) => logs.findLogs(on, query);
    return isOnePage(query, planPage(query)) ? this.#read(read) : this.#search(query.scope, read, options);
  }

  count(scope: LogScope, filter: Filter, limit: number | null, options?: ReadOptions) {
    return this.#search(scope, (on) => logs.countLogs(on, scope, filter, limit), options);
  }

  findByIds = (scope: LogScope, ids: readonly string[]) =>
    this.#run((on) => logs.findLogsByIds(on, scope, ids));
  findByRequestId = (scope: LogScope, requestId: string) =>
    this.#run((on) => logs.findLogByRequestId(on, scope, requestId));
  payloads = (scope: LogScope, ids: readonly string[]) =>
    this.#run((on) => logs.findPayloads(on, scope, ids));
  deleteBefore = (organizationId: string, createdAt: number, limit: number) =>
    this.#run((on) => retention.deleteBefore(on, organizationId, createdAt, limit));
  lease = (name: string, holder: string, until: number, now: number) =>
    this.#run((on) => retention.lease(on, name, holder, until, now));

  createOrganization = (organization: Organization) =>
    this.#run((on) => access.createOrganization(on, organization));
  findOrganization = (id: string) => this.#run((on) => access.findOrganization(on, id));
  listOrganizations = () => this.#run(access.listOrganizations);
  setPlan = (id: string, plan: string) => this.#run((on) => access.setPlan(on, id, plan));
  settled = keyOwnersSettled;
  createKey = (key: ApiKey) => this.#run((on) => access.createKey(on, key));
  findKeyOwner = (hash: string) =>
    this.#owners.find(hash, () => this.#run((on) => access.findKeyOwner(on, hash)));
  listKeys = (organizationId: string) => this.#run((on) => access.listKeys(on, organizationId));
  revokeKey = (id: string, now: number) => this.#run((on) => access.revokeKey(on, id, now));
  recordKeyUse = (id: string, now: number) => this.#run((on) => access.recordKeyUse(on, id, now));

  consume = (name: string, consume: BucketRequest) => this.#run((on) => buckets.consume(on, name, consume));

  secret = () => this.#run(ensureSecret);
  setSecret = (secret: Buffer) => this.#run((on) => replaceSecret(on, secret));
  ping = () => this.#run(async ({ settings, budget }) => void (await settings.findOne({}, budget())));
  close = () => this.#connection.client.close();

  /** Runs a call that may read more than one page. */
  #search<T>({ organizationId }: LogScope, work: (on: Connection) => Promise<T>, options?: ReadOptions) {
    const signal = options?.signal;
    return this.#searches.run(organizationId, () => this.#read(work, signal), signal);
  }

  /** Runs a read; all of its commands share one time budget. */
  async #read<T>(work: (on: Connection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    using time = readBudget(this.#readMs + NETWORK_MS, signal);
    const budget = () => ({ maxTimeMS: Math.max(1, time.msLeft() - NETWORK_MS), signal: time.signal });
    return await this.#run((on) => work({ ...on, budget }));
  }

  async #run<T>(work: (on: Connection) => Promise<T>): Promise<T> {
    try {
      this.#ready ??= this.#prepare();
      await this.#ready;
      return await work(this.#connection);
    } catch (error) {
      const translated = translateError(error);
      // After a connection loss, check the schema again: the next connection may reach another server.
      if (!(translated instanceof RelaylogError) || translated.code === 'UNAVAILABLE')
        this.#ready = undefined;
      throw translated;
    }
  }

  async #prepare(): Promise<void> {
    // Without this call, the driver never retries a failed first connection.
    await this.#connection.client.connect();
    await ensureSchema(this.#connection);
  }
}

/** Searches use at most half of the connection pool, and those of one organization at most half of that. */
function searchPermits({ client }: Connection): CountedPermits {
  const permits = Math.max(1, Math.floor((client.options.maxPoolSize || 100) / 2 / logs.MAX_PARALLEL_FINDS));
  return new CountedPermits(permits, Math.ceil(permits / 2));
}
