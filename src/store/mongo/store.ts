import { KeyedCounter } from '../../lib/keyed-counter.ts';
import { within } from '../../lib/within.ts';
import { RelaylogError } from '../../log/errors.ts';
import type { Filter } from '../../log/filter.ts';
import type { LogQuery, LogScope } from '../../log/query.ts';
import type { RecordedRequest } from '../../log/request-log.ts';
import type { CheckedPart } from '../../stats/question.ts';
import type { UsageEntry, UsageQuestion } from '../../usage/usage.ts';
import type { BucketRequest } from '../bucket.ts';
import type { Erasure, ErasureStep } from '../erasure.ts';
import { FairQueue, SEARCH_WAIT_LIMITS } from '../fair-queue.ts';
import { CountedPermits } from '../permits.ts';
import { READ_MS, readBudget } from '../read-budget.ts';
import type { RollUpCheckPosition } from '../roll-ups/check.ts';
import type {
  ApiKey,
  InsertOptions,
  Organization,
  ReadOptions,
  Store,
  StoreCaches,
  StoreCapabilities,
} from '../store.ts';
import * as access from './access.ts';
import { isOnePage, MONGO_PATHS } from './access-paths.ts';
import * as buckets from './buckets.ts';
import { type Connection, connectionTo } from './connection.ts';
import * as erasure from './erasure.ts';
import { notResponding, translateError } from './errors.ts';
import { insertBatch } from './insert.ts';
import { KeyOwners, keyOwnersSettled } from './key-owners.ts';
import * as logs from './logs.ts';
import * as retention from './retention.ts';
import { ensureSecret, replaceSecret } from './schema/create.ts';
import { CHECK_MS, SchemaGuard } from './schema/guard.ts';
import { NETWORK_MS, startSearch } from './search.ts';
import { checkRollUps, rollUpStatus } from './stats/check.ts';
import { MONGO_ROLL_UP_LIMITS } from './stats/limits.ts';
import { RollUpBuilder, resetRollUps } from './stats/rebuild.ts';
import { readStats, statsWork } from './stats/stats.ts';
import * as usage from './usage/usage.ts';

export interface MongoOptions {
  /** `mongodb://…` or `mongodb+srv://…` with any option of the driver; its path names the database. */
  readonly url: string;
  /** The time limit of a read, in milliseconds. Default: 10,000. */
  readonly readMs?: number | undefined;
  /** The interval of schema checks while the store is in use, in milliseconds. Default: 30,000. */
  readonly checkMs?: number | undefined;
}

/** The time limit of an insert, in milliseconds. Sending the batch again completes it. */
const INSERT_MS = 30_000;
/** The time limit of consuming from a rate limit bucket, in milliseconds. */
const CONSUME_MS = 1_500;

/**
 * The store for gateways on several machines. It connects at the first call. While no server is reachable, each call fails
 * with UNAVAILABLE within two seconds; it reconnects on its own. If a server hangs, its heartbeats fail and the calls in
 * flight fail within four seconds. If it responds to heartbeats only, reads fail one second after `readMs` and inserts after
 * `INSERT_MS`.
 */
export class MongoStore implements Store {
  readonly #connection: Connection;
  readonly #readMs: number;
  readonly #searches: FairQueue<true>;
  /** Counts the aborted searches that keep permits, by organization. */
  readonly #aborted = new KeyedCounter();
  readonly #owners = new KeyOwners();
  readonly #schema: SchemaGuard;
  readonly #rollUps = new RollUpBuilder();

  /** @throws Error if the URL is not a valid MongoDB URL; the message does not contain it. */
  constructor({ url, readMs = READ_MS, checkMs = CHECK_MS }: MongoOptions) {
    this.#connection = connectionTo(url, readMs);
    this.#schema = new SchemaGuard(this.#connection, checkMs);
    this.#readMs = readMs;
    this.#searches = new FairQueue(searchPermits(this.#connection), SEARCH_WAIT_LIMITS);
  }

  readonly capabilities: StoreCapabilities = {
    system: 'mongodb',
    isSharedByMachines: true,
    combinesInserts: false,
  };

  get caches(): StoreCaches {
    return { keyOwners: this.#owners.cache };
  }

  insert = (batch: readonly RecordedRequest[], { ofOrganization = null }: InsertOptions = {}) =>
    this.#run(async (on) => {
      const result = await insertBatch(on, batch);
      if (ofOrganization !== null) await erasure.requireOrganization(on, ofOrganization, batch);
      return result;
    }, INSERT_MS);
  find(query: LogQuery, options?: ReadOptions) {
    const read = (on: Connection) => logs.findLogs(on, query);
    return isOnePage(query, MONGO_PATHS.planPage(query))
      ? this.#read(read)
      : this.#search(query.scope, read, options);
  }

  count(scope: LogScope, filter: Filter, limit: number | null, options?: ReadOptions) {
    return this.#search(scope, (on) => logs.countLogs(on, scope, filter, limit), options);
  }

  statsWork(scope: LogScope, filter: Filter, parts: readonly CheckedPart[], options?: ReadOptions) {
    return this.#search(scope, (on) => statsWork(on, scope, filter, parts), options);
  }

  stats(scope: LogScope, filter: Filter, parts: readonly CheckedPart[], options?: ReadOptions) {
    return this.#search(scope, (on) => readStats(on, scope, filter, parts), options);
  }

  rollUpStep = (now: number, limits = MONGO_ROLL_UP_LIMITS) =>
    this.#run((on) => this.#rollUps.step(on, now, limits), null);
  hasDueRollUps = (now: number) => this.#run((on) => this.#rollUps.hasDue(on, now), null);
  textIndexStep = async () => false;
  hasDueText = async () => false;
  rollUpStatus = () => this.#run(rollUpStatus, null);
  resetRollUps = async () => {
    await this.#run(resetRollUps, null);
    this.#rollUps.forget();
  };
  checkRollUps = (after: RollUpCheckPosition | null) => this.#run((on) => checkRollUps(on, after), null);

  usage = (organizationId: string, question: UsageQuestion, options?: ReadOptions) =>
    this.#search(
      { organizationId, visibleFrom: null },
      (on) => usage.readUsage(on, organizationId, question),
      options,
    );
  usageLedger = (organizationId: string) => this.#run((on) => usage.readLedger(on, organizationId));
  replaceUsageLedger = (organizationId: string, entries: readonly UsageEntry[]) =>
    this.#run((on) => usage.replaceLedger(on, organizationId, entries), null);
  deleteUsageBefore = (organizationId: string, day: number) =>
    this.#run((on) => usage.deleteUsageBefore(on, organizationId, day), null);
  findByIds = (scope: LogScope, ids: readonly string[]) =>
    this.#run((on) => logs.findLogsByIds(on, scope, ids));
  findByRequestId = (scope: LogScope, requestId: string) =>
    this.#run((on) => logs.findLogByRequestId(on, scope, requestId));
  payloads = (scope: LogScope, ids: readonly string[]) =>
    this.#run((on) => logs.findPayloads(on, scope, ids));
  deleteBefore = (organizationId: string, createdAt: number, limit: number) =>
    this.#run((on) => retention.deleteBefore(on, organizationId, createdAt, limit), null);
  deleteOrganization = (id: string) => this.#run((on) => erasure.deleteOrganization(on, id), null);
  eraseStep = (selected: Erasure, after: ErasureStep['next']) =>
    this.#run((on) => erasure.eraseStep(on, selected, after), null);
  deleteBuckets = (organizationId: string) =>
    this.#run((on) => erasure.deleteBuckets(on, organizationId), null);
  cleanUp = async () => undefined;
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
  deleteExpiredKeys = (organizationId: string, now: number) =>
    this.#run((on) => access.deleteExpiredKeys(on, organizationId, now));
  revokeKey = (id: string, now: number) => this.#run((on) => access.revokeKey(on, id, now));
  recordKeyUse = (id: string, now: number) => this.#run((on) => access.recordKeyUse(on, id, now));

  consume = (name: string, consume: BucketRequest) =>
    this.#run((on) => buckets.consume(on, name, consume), CONSUME_MS);

  secret = () => this.#run(ensureSecret);
  setSecret = (secret: Buffer) => this.#run((on) => replaceSecret(on, secret));
  ping = () =>
    this.#run(
      async ({ settings, budget }) => void (await settings.findOne({}, budget())),
      undefined,
      () => this.#schema.assertComplete(),
    );

  async close(): Promise<void> {
    this.#schema.close();
    await this.#connection.client.close();
  }

  /** Runs a call that may read more than one page. Its permit is released when the server has ended it, even if it was aborted. */
  #search<T>({ organizationId }: LogScope, work: (on: Connection) => Promise<T>, options?: ReadOptions) {
    const { signal, budgetMs = this.#readMs } = options ?? {};
    return this.#searches.run(
      organizationId,
      (_permit, hold) =>
        this.#run((on) => {
          const { result, ended } = startSearch(on, Math.min(budgetMs, this.#readMs), work, {
            signal,
            spare: (most) => this.#searches.spare(organizationId, most),
            aborted: {
              add: () => this.#aborted.add(organizationId),
              remove: () => this.#aborted.remove(organizationId),
            },
          });
          hold(ended);
          return result;
        }, null),
      signal,
    );
  }

  /** Runs a read; all of its commands share one time budget. */
  async #read<T>(work: (on: Connection) => Promise<T>): Promise<T> {
    using time = readBudget(this.#readMs + NETWORK_MS);
    const budget = () => ({ maxTimeMS: Math.max(1, time.msLeft() - NETWORK_MS), signal: time.signal });
    return await this.#run((on) => work({ ...on, budget }), null);
  }

  /** @param ms the time limit of the work; null if the work has its own. */
  async #run<T>(
    work: (on: Connection) => Promise<T>,
    ms: number | null = this.#readMs + NETWORK_MS,
    assertReady = () => this.#schema.assertServable(),
  ): Promise<T> {
    try {
      await assertReady();
      const result = work(this.#connection);
      return await (ms === null ? result : within(ms, result, notResponding));
    } catch (error) {
      const translated = translateError(error);
      if (!(translated instanceof RelaylogError) || translated.code === 'UNAVAILABLE') {
        this.#schema.distrust();
      }
      throw translated;
    }
  }
}

/**
 * Searches use at most a fifth of the connection pool, with one permit for each connection, and those of one organization at most a
 * fifth of that: so few aborted searches that the database still runs do not slow down the pages of others.
 */
function searchPermits({ client }: Connection): CountedPermits {
  const permits = Math.max(1, Math.floor((client.options.maxPoolSize || 100) / 5));
  return new CountedPermits(permits, Math.max(1, Math.floor(permits / 5)));
}
