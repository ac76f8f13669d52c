import type { CacheFigures } from '../lib/counted-cache.ts';
import type { Filter } from '../log/filter.ts';
import type { LogQuery, LogScope } from '../log/query.ts';
import type { RecordedRequest, RequestLog, RequestLogPayload } from '../log/request-log.ts';
import type { BucketDecision, BucketRequest } from './bucket.ts';

/** A tenant. Its id is the short name that the operator gave it. */
export interface Organization {
  readonly id: string;
  /** A name of the plan table. */
  readonly plan: string;
  readonly createdAt: number;
}

/** An API key as it is kept: never the key itself. */
export interface ApiKey {
  /** `key_…` */
  readonly id: string;
  readonly organizationId: string;
  /** The first characters of the key, to tell keys apart. */
  readonly prefix: string;
  /** SHA-256 of the key, in hexadecimal. */
  readonly hash: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly revokedAt: number | null;
  /** From this time on the key is refused; null: it never is. */
  readonly expiresAt: number | null;
  /** To the minute; null: never used. */
  readonly lastUsedAt: number | null;
}

/** A key and the organization that it speaks for. */
export interface KeyOwner {
  readonly key: ApiKey;
  readonly organization: Organization;
}

export interface InsertResult {
  /** Logs that are new. */
  readonly stored: number;
  /** Logs whose request id the organization already had; they are left as they were. */
  readonly duplicates: number;
}

export interface LogCount {
  readonly count: number;
  /** False if counting stopped at its limit: there are more. */
  readonly exact: boolean;
}

export interface ReadOptions {
  /** Aborts when nobody waits for the answer any more: what may read more than a page then ends, and asks for it only then. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Who answers: one of the stores. Each answers every call alike, row for row; the conformance suite holds them to it.
 * A store that cannot answer throws RelaylogError UNAVAILABLE.
 *
 * What may read more than a page (a search, a count) has a time budget and throws QUERY_TIMEOUT at its end. Of one
 * organization only so much of it is done at a time; what waits for longer than a few seconds is UNAVAILABLE.
 */
export interface LogStore {
  /**
   * Resolves after the commit: all of the batch is kept. Where it rejects, none of it is, or (MongoDB) a part: sent
   * again, it is completed, and what was there is counted, not doubled.
   */
  insert(batch: readonly RecordedRequest[]): Promise<InsertResult>;
  /** At most `limit` logs in the order of the query. */
  find(query: LogQuery, options?: ReadOptions): Promise<RequestLog[]>;
  /** How many logs match; stops after `limit` if one is given. */
  count(scope: LogScope, filter: Filter, limit: number | null, options?: ReadOptions): Promise<LogCount>;
  /** In the order of the ids; null for what the scope does not hold. */
  findByIds(scope: LogScope, ids: readonly string[]): Promise<(RequestLog | null)[]>;
  /** @param requestId without its prefix. */
  findByRequestId(scope: LogScope, requestId: string): Promise<RequestLog | null>;
  /** In the order of the ids, by one query; null for a log without payload or out of the scope. */
  payloads(scope: LogScope, ids: readonly string[]): Promise<(RequestLogPayload | null)[]>;
  /** Deletes an organization's oldest logs from before a time, with their payloads: at most `limit`. How many it did. */
  deleteBefore(organizationId: string, createdAt: number, limit: number): Promise<number>;
}

/** What a store remembers of what it was asked. */
export interface StoreCaches {
  /** The owners that `findKeyOwner` remembers. */
  readonly keyOwners: CacheFigures;
  /** SQLite: statements that are kept prepared, for what is answered in the calling thread. */
  readonly statements?: CacheFigures;
  /** SQLite: routes, keys and organizations whose numbers are known without asking the file, in the calling thread. */
  readonly names?: CacheFigures;
}

/** Organizations and keys. */
export interface AccessStore {
  /** False if an organization of that id exists already; it is left as it was. */
  createOrganization(organization: Organization): Promise<boolean>;
  findOrganization(id: string): Promise<Organization | null>;
  /** By id. */
  listOrganizations(): Promise<Organization[]>;
  /** False if there is no such organization. `settled` says when it holds everywhere. */
  setPlan(id: string, plan: string): Promise<boolean>;
  createKey(key: ApiKey): Promise<void>;
  /** The owner of a key that was not revoked; it may have expired. When it was last used may be a second old. */
  findKeyOwner(hash: string): Promise<KeyOwner | null>;
  /** Newest last. */
  listKeys(organizationId: string): Promise<ApiKey[]>;
  /** False if there is no such key; one revoked before keeps its time. `settled` says when it holds everywhere. */
  revokeKey(id: string, now: number): Promise<boolean>;
  /**
   * Resolves when whatever was written before, by whatever process, of plans and keys, holds in every process for each
   * request that begins from then on.
   */
  settled(): Promise<void>;
  /** Records that a key was used; an earlier time than the recorded one changes nothing. */
  recordKeyUse(id: string, now: number): Promise<void>;
}

/** Rate limits of all processes that share the store. What is consumed may be lost with the machine. */
export interface RateStore {
  /** Consumes from the bucket of a name in one atomic step, as `consumeFrom` says. A bucket of a new name is full. */
  consume(name: string, consume: BucketRequest): Promise<BucketDecision>;
}

/** What a store can do that not every store can: asked of it, never of its URL. */
export interface StoreCapabilities {
  /** Its name in traces: OpenTelemetry's `db.system.name`. */
  readonly system: 'sqlite' | 'mongodb';
  /** Gateways on several machines may use it at once. */
  readonly servesSeveralMachines: boolean;
  /** Batches that are inserted at the same time are stored by one commit. */
  readonly combinesInserts: boolean;
}

export interface Store extends LogStore, AccessStore, RateStore {
  readonly capabilities: StoreCapabilities;
  readonly caches: StoreCaches;
  /**
   * Takes or renews a lease until a time; false if another holder has it. Until `now`, it is given back.
   *
   * @param now Unix milliseconds, as `until`.
   */
  lease(name: string, holder: string, until: number, now: number): Promise<boolean>;
  /** This installation's own secret of 32 bytes, made with the store: signs cursors. */
  secret(): Promise<Buffer>;
  /** Takes over another store's secret, so that its cursors stay good; all that this store's own signed are then bad. */
  setSecret(secret: Buffer): Promise<void>;
  /** Resolves if the store can answer; throws RelaylogError UNAVAILABLE with the reason if it cannot. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
