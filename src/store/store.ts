import type { CacheStatistics } from '../lib/counted-cache.ts';
import type { Filter } from '../log/filter.ts';
import type { LogQuery, LogScope } from '../log/query.ts';
import type { RecordedRequest, RequestLog, RequestLogPayload } from '../log/request-log.ts';
import type { PartAnswer } from '../stats/answer.ts';
import type { CheckedPart } from '../stats/question.ts';
import type { StatsWork } from '../stats/work.ts';
import type { UsageEntry, UsageQuestion, UsageRow } from '../usage/usage.ts';
import type { BucketDecision, BucketRequest } from './bucket.ts';
import type { Erasure, ErasureStep } from './erasure.ts';
import type { RollUpCheck, RollUpCheckPosition, RollUpStatus } from './roll-ups/check.ts';
import type { RollUpLimits } from './roll-ups/declared.ts';

/** A tenant. Its id is a short name chosen by the operator. */
export interface Organization {
  readonly id: string;
  /** The name of a plan in the plan table. */
  readonly plan: string;
  readonly createdAt: number;
}

/** An API key as it is stored: its hash, never the key itself. */
export interface ApiKey {
  /** `key_…` */
  readonly id: string;
  readonly organizationId: string;
  /** The first characters of the key, to recognize it. */
  readonly prefix: string;
  /** SHA-256 of the key, in hexadecimal. */
  readonly hash: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly revokedAt: number | null;
  /** The time from which the key is rejected; null if it never expires. */
  readonly expiresAt: number | null;
  /** Accurate to the minute; null if the key was never used. */
  readonly lastUsedAt: number | null;
}

/** A key and the organization that it belongs to. */
export interface KeyOwner {
  readonly key: ApiKey;
  readonly organization: Organization;
}

export interface InsertResult {
  /** Number of new logs. */
  readonly stored: number;
  /** Number of logs whose request id the organization already had. The existing logs are unchanged. */
  readonly duplicates: number;
}

export interface LogCount {
  readonly count: number;
  /** False if counting stopped at the limit and more logs match. */
  readonly exact: boolean;
}

export interface InsertOptions {
  /**
   * The organization of all logs of the batch. If it does not exist at the commit, nothing is stored, and the insert throws
   * RelaylogError UNAUTHENTICATED. Default: the organizations of the logs need not exist.
   */
  readonly ofOrganization?: string | null;
  /**
   * Another batch of this caller follows, so a store that combines inserts (see `StoreCapabilities`) need not store this one before
   * there is enough for one commit. The last batch must be passed without it. Default: false.
   */
  readonly more?: boolean;
}

export interface ReadOptions {
  /** Aborts when the client has disconnected; a search or count then ends. Reads of one page ignore it. */
  readonly signal?: AbortSignal | undefined;
  /** The time limit of a search once it has started, in milliseconds. Default: that of the store. Reads of one page ignore it. */
  readonly budgetMs?: number | undefined;
}

/**
 * Stores and finds request logs. All implementations return the same rows for the same calls; the conformance suite checks
 * this. Every call throws RelaylogError UNAVAILABLE if the store is unavailable.
 *
 * Calls that may read more than one page (searches and counts) have a time limit and throw QUERY_TIMEOUT when it is
 * exceeded. Their concurrency is limited per organization; calls that wait for more than a few seconds throw UNAVAILABLE.
 */
export interface LogStore {
  /**
   * Resolves after the commit of the whole batch. If it rejects, nothing or only a part was stored: insert the same batch
   * again to complete it. Logs that were already stored are then counted as duplicates.
   */
  insert(batch: readonly RecordedRequest[], options?: InsertOptions): Promise<InsertResult>;
  /** Returns at most `limit` logs in the order of the query. */
  find(query: LogQuery, options?: ReadOptions): Promise<RequestLog[]>;
  /** Counts the matching logs. Stops at `limit`; null counts all of them. */
  count(scope: LogScope, filter: Filter, limit: number | null, options?: ReadOptions): Promise<LogCount>;
  /**
   * What `stats` with these arguments reads at most. It takes a few milliseconds, whatever the question.
   *
   * @throws RelaylogError UNAVAILABLE if it reads too many logs because their roll-ups are not built yet; BAD_USER_INPUT if no
   *   roll-up holds the answer.
   */
  statsWork(
    scope: LogScope,
    filter: Filter,
    parts: readonly CheckedPart[],
    options?: ReadOptions,
  ): Promise<StatsWork>;
  /**
   * Answers the parts of a question about the matching logs, in their order, from one state of the store and by one pass over
   * the logs that it has to read.
   *
   * @throws RelaylogError BAD_USER_INPUT if a part has too many groups and buckets.
   */
  stats(
    scope: LogScope,
    filter: Filter,
    parts: readonly CheckedPart[],
    options?: ReadOptions,
  ): Promise<PartAnswer[]>;
  /**
   * The usage of an organization: of the logs that exist, and of those that were deleted since, from the ledger. It is the same
   * before and after a log is deleted. Rows are in order: by day, then by endpoint type or API key; null comes last.
   */
  usage(organizationId: string, question: UsageQuestion, options?: ReadOptions): Promise<UsageRow[]>;
  /** The usage of deleted logs, in no particular order. */
  usageLedger(organizationId: string): Promise<UsageEntry[]>;
  /** Replaces the usage of deleted logs. */
  replaceUsageLedger(organizationId: string, entries: readonly UsageEntry[]): Promise<void>;
  /** Deletes the usage of deleted logs for the days before one. @param day days since 1970-01-01 UTC. */
  deleteUsageBefore(organizationId: string, day: number): Promise<void>;
  /** Returns the logs in the order of the ids; null for an id that is not in the scope. */
  findByIds(scope: LogScope, ids: readonly string[]): Promise<(RequestLog | null)[]>;
  /** @param requestId the id without its prefix. */
  findByRequestId(scope: LogScope, requestId: string): Promise<RequestLog | null>;
  /** Returns the payloads in the order of the ids, by one query; null for a log without a payload or outside the scope. */
  payloads(scope: LogScope, ids: readonly string[]): Promise<(RequestLogPayload | null)[]>;
  /**
   * Deletes at most `limit` of an organization's oldest logs created before a time, with their payloads, and adds their usage
   * to the ledger. Returns the number of deleted logs.
   *
   * @param createdAt Unix milliseconds, exclusive.
   */
  deleteBefore(organizationId: string, createdAt: number, limit: number): Promise<number>;
}

/** Statistics of the store's caches. */
export interface StoreCaches {
  /** The key owners that `findKeyOwner` caches. */
  readonly keyOwners: CacheStatistics;
  /** SQLite: prepared statements of the calling thread's connection. */
  readonly statements?: CacheStatistics;
  /** SQLite: numbers of routes, keys and organizations that the calling thread caches. */
  readonly names?: CacheStatistics;
}

/** Organizations and keys. */
export interface AccessStore {
  /** Returns false if an organization with this id already exists; it is unchanged. */
  createOrganization(organization: Organization): Promise<boolean>;
  findOrganization(id: string): Promise<Organization | null>;
  /** Sorted by id. */
  listOrganizations(): Promise<Organization[]>;
  /** Returns false if there is no such organization. The change applies in every process once `settled` resolves. */
  setPlan(id: string, plan: string): Promise<boolean>;
  createKey(key: ApiKey): Promise<void>;
  /**
   * Returns the owner of a key that is not revoked, but may have expired; null if there is none. Its `lastUsedAt` may be one
   * second out of date.
   */
  findKeyOwner(hash: string): Promise<KeyOwner | null>;
  /** Sorted by creation time, oldest first. */
  listKeys(organizationId: string): Promise<ApiKey[]>;
  /** Deletes the keys of an organization that have expired at a time, in Unix milliseconds. Returns the number of deleted keys. */
  deleteExpiredKeys(organizationId: string, now: number): Promise<number>;
  /**
   * Returns false if there is no such key. A key that was already revoked keeps its revocation time. The change
   * applies in every process once `settled` resolves.
   */
  revokeKey(id: string, now: number): Promise<boolean>;
  /**
   * Resolves when all earlier changes of plans and keys, by any process, apply to every request that starts from now on, in
   * every process.
   */
  settled(): Promise<void>;
  /** Records the use of a key. A time earlier than the recorded one is ignored. */
  recordKeyUse(id: string, now: number): Promise<void>;
}

/** Rate limits that all processes of the store share. A crash of the machine may lose recent consumption. */
export interface RateStore {
  /** Applies `consumeFrom` to the named bucket in one atomic step. A new bucket is full. */
  consume(name: string, consume: BucketRequest): Promise<BucketDecision>;
}

/** What `deleteOrganization` deleted. */
export interface DeletedOrganization {
  /** False if there was no such organization. */
  readonly existed: boolean;
  /** Number of deleted keys. */
  readonly keys: number;
}

/** Deletes data for good. Each call can be repeated: it then deletes what is left. */
interface ErasureStore {
  /**
   * Deletes an organization and its keys, but not its logs. The keys are rejected in every process once `settled` resolves, and
   * no later insert for this organization succeeds (see `InsertOptions`).
   */
  deleteOrganization(id: string): Promise<DeletedOrganization>;
  /**
   * Reads a few hundred logs, and deletes those that the erasure selects, with their payloads. Anything else that is derived
   * from logs and holds their values, such as roll-ups, must be corrected in the same step. The ledger keeps their usage, but not
   * their API keys, and not an API key that is erased; an erasure of all logs deletes the ledger too.
   *
   * @param after null for the first step, then `next` of the step before.
   */
  eraseStep(erasure: Erasure, after: ErasureStep['next']): Promise<ErasureStep>;
  /** Deletes the rate-limit buckets of an organization. */
  deleteBuckets(organizationId: string): Promise<void>;
  /**
   * Removes what deleted logs leave behind. SQLite: deletes the names that no log uses, empties the `-wal` file and, if `rewrite`
   * is true, rewrites the file without free pages, which may still hold deleted values. MongoDB: does nothing.
   */
  cleanUp(options: { readonly rewrite: boolean }): Promise<void>;
}

/** What answers to statistics are read from, prepared from the logs. Only one process at a time should build it. */
interface RollUpStore {
  /**
   * Builds some of the roll-ups that are missing or out of date.
   *
   * @param now Unix milliseconds.
   * @param limits default: those of the store.
   * @returns false if nothing is due.
   */
  rollUpStep(now: number, limits?: RollUpLimits): Promise<boolean>;
  /** Whether `rollUpStep` would build something. */
  hasDueRollUps(now: number): Promise<boolean>;
  rollUpStatus(): Promise<RollUpStatus>;
  /** Deletes all roll-ups, so that they are built again. Until then, answers are read from the logs. */
  resetRollUps(): Promise<void>;
  /**
   * Compares a part of the roll-ups with the logs.
   *
   * @param after null for the first step, then `next` of the step before.
   */
  checkRollUps(after: RollUpCheckPosition | null): Promise<RollUpCheck>;
}

/** What searches for texts are answered from faster than from the logs. Only one process at a time should build it. */
interface TextIndexStore {
  /**
   * Indexes some of the logs that are not indexed. Until then, searches read them. MongoDB: does nothing.
   *
   * @param now Unix milliseconds.
   * @returns false if nothing is due.
   */
  textIndexStep(now: number): Promise<boolean>;
  /** Whether `textIndexStep` would index something. */
  hasDueText(now: number): Promise<boolean>;
}

/** The optional capabilities of a store. Check these instead of the URL's scheme. */
export interface StoreCapabilities {
  /** The store's name in traces: the value of OpenTelemetry's `db.system.name`. */
  readonly system: 'sqlite' | 'mongodb';
  /** Whether gateways on several machines can share the store. */
  readonly isSharedByMachines: boolean;
  /** Whether batches that are inserted at the same time share one commit. */
  readonly combinesInserts: boolean;
}

export interface Store extends LogStore, AccessStore, RateStore, ErasureStore, RollUpStore, TextIndexStore {
  readonly capabilities: StoreCapabilities;
  readonly caches: StoreCaches;
  /**
   * Acquires or renews a lease. Returns false if another holder has it. To release a lease, pass `now` as `until`.
   *
   * @param until when the lease expires, in Unix milliseconds.
   * @param now Unix milliseconds.
   */
  lease(name: string, holder: string, until: number, now: number): Promise<boolean>;
  /** Returns the installation's secret, which signs cursors: 32 bytes, created with the store. */
  secret(): Promise<Buffer>;
  /** Replaces the secret by that of another store, whose cursors then stay valid. Cursors signed with the old secret become invalid. */
  setSecret(secret: Buffer): Promise<void>;
  /** Resolves if the store is available. @throws RelaylogError UNAVAILABLE with the reason. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
