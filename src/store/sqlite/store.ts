import { setTimeout } from 'node:timers/promises';
import { siblingModule } from '../../lib/sibling-module.ts';
import { RelaylogError } from '../../log/errors.ts';
import type { Filter } from '../../log/filter.ts';
import type { LogQuery, LogScope } from '../../log/query.ts';
import type { RecordedRequest, RequestLog } from '../../log/request-log.ts';
import type { CheckedPart } from '../../stats/question.ts';
import type { UsageEntry, UsageQuestion } from '../../usage/usage.ts';
import type { BucketDecision, BucketRequest } from '../bucket.ts';
import type { Erasure, ErasureStep } from '../erasure.ts';
import { READ_MS } from '../read-budget.ts';
import type { RollUpCheckPosition } from '../roll-ups/check.ts';
import { ROLL_UP_LIMITS } from '../roll-ups/declared.ts';
import { rollUpsInPreparation } from '../roll-ups/preparing.ts';
import type {
  ApiKey,
  InsertOptions,
  InsertResult,
  Organization,
  ReadOptions,
  Store,
  StoreCaches,
  StoreCapabilities,
} from '../store.ts';
import { type Arguments, Remote, type Result, type ThreadOptions } from '../threads/remote.ts';
import { isOnePage, SQLITE_PATHS } from './access-paths.ts';
import { SqliteBuckets } from './buckets.ts';
import { Database, type DatabaseOptions } from './database.ts';
import { SqliteOperations } from './operations.ts';
import { freeRows, packRows } from './schema/insert-batch.ts';
import { insertRow } from './schema/insert-row.ts';
import { InsertQueue } from './threads/insert-queue.ts';
import { Readers } from './threads/readers.ts';

export interface SqliteOptions {
  readonly file: string;
  readonly maxPages?: number | undefined;
  /** Runs everything in the calling thread, which may block: for commands and worker threads. Default: false. */
  readonly inline?: boolean;
  /** For a thread that only inserts at a high rate: uses a larger cache and skips the integrity check. Default: false. */
  readonly ingest?: boolean;
  /** The time limit of a search or count, in milliseconds. Default: 10,000. It does not apply with `inline`. */
  readonly readMs?: number;
}

const INLINE_BUSY_MS = 100;
/** The maximum number of pending calls per worker thread. */
const MAX_PENDING = 64;
const WORKER_BUSY_MS = 2_000;
/** After this time without work, in milliseconds, the thread that builds roll-ups and the text index ends, and its memory is free. */
const BACKGROUND_IDLE_MS = 30_000;
const CHECK_WAIT_MS = 1_000;
const CACHE_KIB = 16_384;
const INLINE_CACHE_KIB = 2_048;
/** Inserts into the indexes by duration and request id hit random pages; without a large cache, each insert reads pages from disk. */
const INGEST_CACHE_KIB = 65_536;

/**
 * The embedded store. Reads of at most one page run in the calling thread, because a hop to another thread would cost more.
 * Writes run in one worker thread, counts and searches in others, so they do not wait for each other.
 */
export class SqliteStore implements Store {
  readonly #db: Database;
  readonly #local: SqliteOperations;
  readonly #readers: Readers | null;
  readonly #writer: Remote<SqliteOperations> | null;
  readonly #rollUps: Remote<SqliteOperations> | null;
  readonly #buckets: SqliteBuckets;
  readonly #inserts: InsertQueue;
  readonly #checkDone: Promise<void>;
  #damage: unknown;

  /**
   * Checks the integrity of the file in a separate thread. If it is damaged, all later calls fail.
   *
   * @throws RelaylogError UNAVAILABLE with the reason if the file cannot be used.
   */
  constructor({ file, maxPages, inline = false, ingest = false, readMs = READ_MS }: SqliteOptions) {
    const worker: DatabaseOptions = { file, maxPages, busyMs: WORKER_BUSY_MS, cacheKib: CACHE_KIB };
    this.#db = new Database(
      inline ? { ...worker, cacheKib: INLINE_CACHE_KIB } : { ...worker, busyMs: INLINE_BUSY_MS },
    );
    this.#local = new SqliteOperations(this.#db);
    this.#buckets = new SqliteBuckets(file);
    this.#readers = inline ? null : new Readers(worker, readMs);
    this.#writer = inline ? null : remote(ingest ? { ...worker, cacheKib: INGEST_CACHE_KIB } : worker);
    this.#rollUps = inline ? null : remote(worker, { idleMs: BACKGROUND_IDLE_MS });
    this.#inserts = new InsertQueue((batches, interruption) =>
      this.#run(this.#writer, 'insertAll', batches, interruption),
    );
    this.#checkDone = inline || ingest ? Promise.resolve() : this.#check(worker);
  }

  readonly capabilities: StoreCapabilities = {
    system: 'sqlite',
    isSharedByMachines: false,
    combinesInserts: true,
  };

  get caches(): StoreCaches {
    return { keyOwners: this.#local.owners.cache, statements: this.#db.statements, names: this.#local.names };
  }

  insert(
    batch: readonly RecordedRequest[],
    { ofOrganization = null, more = false }: InsertOptions = {},
  ): Promise<InsertResult> {
    const key = ofOrganization ?? batch[0]?.log.organizationId ?? '';
    const rows = batch.map(insertRow);
    if (this.#writer === null) return this.#inserts.insert({ rows, ofOrganization }, key, more);
    const packed = packRows(rows);
    return this.#inserts.insert({ rows: packed, ofOrganization }, key, more).finally(() => freeRows(packed));
  }

  async find(query: LogQuery, options?: ReadOptions): Promise<RequestLog[]> {
    const { mark } = this.#local.names;
    const plan = SQLITE_PATHS.planPage(query);
    const rows = isOnePage(query, plan)
      ? this.#run(null, 'findRows', query, plan)
      : this.#search(query.scope, options, 'findRows', query);
    try {
      return this.#local.logsOf(query, await rows);
    } catch (error) {
      // The logs may have been deleted, and then their names, after the rows were read.
      if (!this.#local.hasDeletedNamesSince(mark)) throw error;
      return this.find(query, options);
    }
  }

  count = (scope: LogScope, filter: Filter, limit: number | null, options?: ReadOptions) =>
    this.#search(scope, options, 'count', scope, filter, limit);
  statsWork = (scope: LogScope, filter: Filter, parts: readonly CheckedPart[], options?: ReadOptions) =>
    this.#search(scope, options, 'statsWork', scope, filter, parts);
  stats = async (scope: LogScope, filter: Filter, parts: readonly CheckedPart[], options?: ReadOptions) => {
    try {
      return await this.#search(scope, options, 'stats', scope, filter, parts);
    } catch (error) {
      const isSlow = error instanceof RelaylogError && error.code === 'QUERY_TIMEOUT';
      if (!isSlow || (await this.rollUpStatus()).unfinishedOrganizations === 0) throw error;
      throw rollUpsInPreparation(error);
    }
  };
  usage = (organizationId: string, question: UsageQuestion, options?: ReadOptions) =>
    this.#search({ organizationId, visibleFrom: null }, options, 'usage', organizationId, question);
  usageLedger = (organizationId: string) => this.#run(this.#writer, 'usageLedger', organizationId);
  replaceUsageLedger = (organizationId: string, entries: readonly UsageEntry[]) =>
    this.#run(this.#writer, 'replaceUsageLedger', organizationId, entries);
  deleteUsageBefore = (organizationId: string, day: number) =>
    this.#run(this.#writer, 'deleteUsageBefore', organizationId, day);
  rollUpStep = (now: number, limits = ROLL_UP_LIMITS) => this.#run(this.#rollUps, 'rollUpStep', now, limits);
  hasDueRollUps = (now: number) => this.#run(null, 'hasDueRollUps', now);
  textIndexStep = (now: number) => this.#run(this.#rollUps, 'textIndexStep', now);
  hasDueText = (now: number) => this.#run(null, 'hasDueText', now);
  rollUpStatus = () => this.#run(null, 'rollUpStatus');
  resetRollUps = () => this.#run(this.#writer, 'resetRollUps');
  checkRollUps = (after: RollUpCheckPosition | null) => this.#run(this.#rollUps, 'checkRollUps', after);
  findByIds = (scope: LogScope, ids: readonly string[]) => this.#run(null, 'findByIds', scope, ids);
  findByRequestId = (scope: LogScope, requestId: string) =>
    this.#run(null, 'findByRequestId', scope, requestId);
  payloads = (scope: LogScope, ids: readonly string[]) => this.#run(null, 'payloads', scope, ids);
  deleteBefore = (organizationId: string, createdAt: number, limit: number) =>
    this.#run(this.#writer, 'deleteBefore', organizationId, createdAt, limit);
  deleteOrganization = (id: string) => this.#run(this.#writer, 'deleteOrganization', id);
  eraseStep = (erasure: Erasure, after: ErasureStep['next']) =>
    this.#run(this.#writer, 'eraseStep', erasure, after);
  deleteBuckets = async (organizationId: string) => this.#buckets.deleteOf(organizationId);
  cleanUp = (options: { readonly rewrite: boolean }) => this.#run(this.#writer, 'cleanUp', options);
  lease = (name: string, holder: string, until: number, now: number) =>
    this.#run(this.#writer, 'lease', name, holder, until, now);

  createOrganization = (organization: Organization) =>
    this.#run(this.#writer, 'createOrganization', organization);
  findOrganization = (id: string) => this.#run(null, 'findOrganization', id);
  // In the calling thread, because it is called at each start: starting a worker thread for it would cost 17 MiB.
  listOrganizations = () => this.#run(null, 'listOrganizations');
  setPlan = (id: string, plan: string) => this.#run(this.#writer, 'setPlan', id, plan);
  createKey = (key: ApiKey) => this.#run(this.#writer, 'createKey', key);
  findKeyOwner = (hash: string) => this.#run(null, 'findKeyOwner', hash);
  settled = async () => undefined;
  listKeys = (organizationId: string) => this.#run(null, 'listKeys', organizationId);
  deleteExpiredKeys = (organizationId: string, now: number) =>
    this.#run(this.#writer, 'deleteExpiredKeys', organizationId, now);
  revokeKey = (id: string, now: number) => this.#run(this.#writer, 'revokeKey', id, now);

  recordKeyUse = (id: string, now: number) => this.#run(this.#writer, 'recordKeyUse', id, now);

  consume = async (name: string, consume: BucketRequest): Promise<BucketDecision> =>
    this.#buckets.consume(name, consume);

  secret = async () => Buffer.from(await this.#run(null, 'secret'));
  setSecret = (secret: Buffer) => this.#run(this.#writer, 'setSecret', secret.toString('hex'));
  ping = () => this.#run(null, 'ping');

  async close(): Promise<void> {
    // The check of a large file takes long; do not wait for its end.
    const checked = Promise.race([this.#checkDone, setTimeout(CHECK_WAIT_MS, undefined, { ref: false })]);
    await Promise.all([this.#readers?.close(), this.#writer?.close(), this.#rollUps?.close(), checked]);
    this.#buckets.close();
    this.#db.close();
  }

  async #check(worker: DatabaseOptions): Promise<void> {
    const file = siblingModule('./threads/check-worker.ts', import.meta.url);
    const checker = new Remote<Database>(file, worker, { maxPending: 1 });
    await checker.call('check').catch((error: unknown) => {
      // Other errors, such as a locked file, do not mean that the file is damaged.
      if (error instanceof RelaylogError && error.message.includes('damaged')) this.#damage = error;
    });
    await checker.close();
  }

  /** Runs a call that may read more than one page. */
  async #search<M extends keyof SqliteOperations>(
    { organizationId }: LogScope,
    options: ReadOptions | undefined,
    method: M,
    ...args: Arguments<SqliteOperations[M]>
  ): Promise<Result<SqliteOperations[M]>> {
    if (this.#readers === null) return this.#run(null, method, ...args);
    if (this.#damage !== undefined) throw this.#damage;
    return this.#readers.call(organizationId, options ?? {}, method, ...args);
  }

  async #run<M extends keyof SqliteOperations>(
    remote: Remote<SqliteOperations> | null,
    method: M,
    ...args: Arguments<SqliteOperations[M]>
  ): Promise<Result<SqliteOperations[M]>> {
    if (this.#damage !== undefined) throw this.#damage;
    if (remote !== null) return remote.call(method, ...args);
    const call = this.#local[method] as (...args: unknown[]) => Result<SqliteOperations[M]>;
    return call.apply(this.#local, args);
  }
}

function remote(
  database: DatabaseOptions,
  options: Pick<ThreadOptions, 'idleMs'> = {},
): Remote<SqliteOperations> {
  const file = siblingModule('./threads/writer-worker.ts', import.meta.url);
  return new Remote(file, database, { maxPending: MAX_PENDING, ...options });
}
