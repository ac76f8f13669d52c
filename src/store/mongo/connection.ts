import { type ClientSession, type Collection, type Db, MongoClient, type MongoClientOptions } from 'mongodb';
import type {
  BucketDocument,
  KeyDocument,
  LeaseDocument,
  LogDocument,
  OrganizationDocument,
  PayloadDocument,
  RollUpContentsDocument,
  RollUpDayDocument,
  RollUpMarkDocument,
  RollUpProgressDocument,
  SettingDocument,
} from './documents.ts';
import { COLLECTIONS } from './schema/collections.ts';
import type { DeletionDocument, UsageDocument } from './usage/documents.ts';

/**
 * Defaults that the URL can override. They detect an unreachable server within two seconds. A server that hangs is detected
 * within a heartbeat interval and a connect timeout; the driver then retries for a server selection timeout.
 */
const DEFAULTS = {
  serverSelectionTimeoutMS: 1_500,
  connectTimeoutMS: 1_500,
  waitQueueTimeoutMS: 1_500,
  heartbeatFrequencyMS: 1_000,
  socketTimeoutMS: 30_000,
  appName: 'relaylog',
} as const satisfies MongoClientOptions;

/** The default of `wtimeoutMS`, in milliseconds. Also replaces 0, which would wait forever. */
const WRITE_TIMEOUT_MS = 10_000;

const DEFAULT_DATABASE = 'relaylog';

/**
 * The options of a collection for reading what every earlier write left: a secondary may not have it yet, and a majority may not
 * have what was just written.
 */
export const CURRENT = { readPreference: 'primary', readConcern: { level: 'local' } } as const;

export interface Connection {
  readonly client: MongoClient;
  readonly db: Db;
  readonly logs: Collection<LogDocument>;
  readonly payloads: Collection<PayloadDocument>;
  readonly organizations: Collection<OrganizationDocument>;
  readonly keys: Collection<KeyDocument>;
  readonly leases: Collection<LeaseDocument>;
  readonly buckets: Collection<BucketDocument>;
  readonly settings: Collection<SettingDocument>;
  readonly usage: Collection<UsageDocument>;
  readonly deletions: Collection<DeletionDocument>;
  readonly rollUpDays: Collection<RollUpDayDocument>;
  readonly rollUpContents: Collection<RollUpContentsDocument>;
  readonly rollUpMarks: Collection<RollUpMarkDocument>;
  readonly rollUpProgress: Collection<RollUpProgressDocument>;
  /** The options for each command of a read. */
  budget(): CommandBudget;
  /**
   * Reserves connections for commands that a read sends together.
   *
   * @param most how many it would send.
   */
  reserve(most: number): Reservation;
}

/** How many commands may run together. Dispose of it when all of them have ended. */
export interface Reservation extends Disposable {
  /** 1 or more. */
  readonly count: number;
}

/** The number of commands that one read runs together, each on its own connection. */
export const MAX_TOGETHER = 5;

/** The time limit of a command on the server, the signal that makes the driver cancel it, and the command's session. */
interface CommandBudget {
  readonly maxTimeMS: number;
  readonly signal?: AbortSignal;
  readonly session?: ClientSession;
}

/**
 * Creates a connection. The driver connects at the first use, and reconnects after a connection loss.
 *
 * @param url `mongodb://` or `mongodb+srv://` with any option of the driver. Its path names the database; default:
 *   `relaylog`.
 * @param readMs the time limit of a read on the server, in milliseconds.
 * @throws Error if the URL is invalid; the message does not contain the URL.
 */
export function connectionTo(url: string, readMs: number, options: MongoClientOptions = {}): Connection {
  const client = clientOf(url, options);
  // Writes are acknowledged when a majority has journaled them. The URL can change only how long to wait for that.
  const writeConcern = {
    w: 'majority',
    journal: true,
    wtimeoutMS: client.options.writeConcern?.wtimeoutMS || WRITE_TIMEOUT_MS,
  } as const;
  const db = client.db(databaseOf(url), { writeConcern });
  // These are always read from the primary: a secondary may not have a revocation or a deletion yet.
  const readPreference = 'primary';
  return {
    client,
    db,
    logs: db.collection(COLLECTIONS.logs.name),
    payloads: db.collection(COLLECTIONS.payloads.name),
    organizations: db.collection(COLLECTIONS.organizations.name, { readPreference }),
    keys: db.collection(COLLECTIONS.keys.name, { readPreference }),
    leases: db.collection(COLLECTIONS.leases.name),
    // Losing recent consumption with a server is acceptable; waiting for its journal is not.
    buckets: db.collection(COLLECTIONS.buckets.name, { writeConcern: { w: 1 } }),
    settings: db.collection(COLLECTIONS.settings.name),
    usage: db.collection(COLLECTIONS.usage.name, { readPreference }),
    deletions: db.collection(COLLECTIONS.deletions.name, { readPreference }),
    rollUpDays: db.collection(COLLECTIONS.rollUpDays.name, CURRENT),
    rollUpContents: db.collection(COLLECTIONS.rollUpContents.name, CURRENT),
    rollUpMarks: db.collection(COLLECTIONS.rollUpMarks.name, CURRENT),
    rollUpProgress: db.collection(COLLECTIONS.rollUpProgress.name, CURRENT),
    budget: () => ({ maxTimeMS: readMs }),
    reserve: (most) => ({ count: Math.min(most, MAX_TOGETHER), [Symbol.dispose]: () => undefined }),
  };
}

/** The same connection, which reads logs from the primary: a secondary may not have the last changes yet. */
export function withPrimary(on: Connection): Connection {
  return { ...on, logs: on.db.collection(on.logs.collectionName, { readPreference: 'primary' }) };
}

function clientOf(url: string, options: MongoClientOptions): MongoClient {
  const given = new Set([...new URLSearchParams(url.split('?')[1]).keys()].map((key) => key.toLowerCase()));
  const defaults = Object.entries(DEFAULTS).filter(([key]) => !given.has(key.toLowerCase()));
  try {
    return new MongoClient(url, { ...Object.fromEntries(defaults), ...options });
  } catch (error) {
    // The driver's message may contain parts of the URL, including the password.
    throw new Error(`RELAYLOG_STORE_URL is not a valid MongoDB URL: ${problemOf(error)}`);
  }
}

function problemOf(error: unknown): string {
  const known = /^(?:option \w+ is not supported|[\w ]+ must be [\w ]+)$/i.exec((error as Error).message);
  return known?.[0] ?? 'use mongodb://USER:PASSWORD@HOST/DATABASE, with special characters percent-encoded';
}

function databaseOf(url: string): string {
  const [, name = ''] = /^[a-z+]+:\/\/[^/?]+\/([^?]*)/.exec(url) ?? [];
  return decodeURIComponent(name) || DEFAULT_DATABASE;
}
