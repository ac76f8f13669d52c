import { type Collection, type Db, MongoClient, type MongoClientOptions } from 'mongodb';
import type {
  BucketDocument,
  KeyDocument,
  LeaseDocument,
  LogDocument,
  OrganizationDocument,
  PayloadDocument,
  SettingDocument,
} from './documents.ts';
import { COLLECTIONS } from './schema/collections.ts';

/** What the URL may say otherwise: a server that is away is noticed within two seconds, one that hangs soon after. */
const DEFAULTS = {
  serverSelectionTimeoutMS: 1_500,
  connectTimeoutMS: 1_500,
  waitQueueTimeoutMS: 1_500,
  heartbeatFrequencyMS: 1_000,
  socketTimeoutMS: 30_000,
  appName: 'relaylog',
} as const satisfies MongoClientOptions;

const DEFAULT_DATABASE = 'relaylog';

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
  /** What each command of a read is sent with. */
  budget(): CommandBudget;
}

/** How long the server may work on a command, and what makes the driver give it up. */
interface CommandBudget {
  readonly maxTimeMS: number;
  readonly signal?: AbortSignal;
}

/**
 * A connection that is made by its first use and again after each loss.
 *
 * @param url `mongodb://` or `mongodb+srv://` with any option of the driver; its path names the database, `relaylog`
 *   unless given.
 * @param readMs how long the server may work on one read.
 * @throws Error if the URL is none; its message does not repeat the URL.
 */
export function connectionTo(url: string, readMs: number, options: MongoClientOptions = {}): Connection {
  const client = clientOf(url, options);
  // Acknowledged means in the journals of a majority, whatever the URL says.
  const writeConcern = {
    wtimeoutMS: 10_000,
    ...client.options.writeConcern,
    w: 'majority',
    journal: true,
  } as const;
  const db = client.db(databaseOf(url), { writeConcern });
  // Organizations and keys are read from the primary, whatever the URL says: a secondary may not know of a revoked key yet.
  const readPreference = 'primary';
  return {
    client,
    db,
    logs: db.collection(COLLECTIONS.logs.name),
    payloads: db.collection(COLLECTIONS.payloads.name),
    organizations: db.collection(COLLECTIONS.organizations.name, { readPreference }),
    keys: db.collection(COLLECTIONS.keys.name, { readPreference }),
    leases: db.collection(COLLECTIONS.leases.name),
    // What is lost of a limit with a server is not worth a wait for its journal.
    buckets: db.collection(COLLECTIONS.buckets.name, { writeConcern: { w: 1 } }),
    settings: db.collection(COLLECTIONS.settings.name),
    budget: () => ({ maxTimeMS: readMs }),
  };
}

function clientOf(url: string, options: MongoClientOptions): MongoClient {
  const given = new Set([...new URLSearchParams(url.split('?')[1]).keys()].map((key) => key.toLowerCase()));
  const defaults = Object.entries(DEFAULTS).filter(([key]) => !given.has(key.toLowerCase()));
  try {
    return new MongoClient(url, { ...Object.fromEntries(defaults), ...options });
  } catch (error) {
    // The driver's message may repeat parts of the URL, and with them the password.
    throw new Error(`RELAYLOG_STORE_URL is not a URL of MongoDB: ${problemOf(error)}`);
  }
}

function problemOf(error: unknown): string {
  const known = /^(?:option \w+ is not supported|[\w ]+ must be [\w ]+)$/i.exec((error as Error).message);
  return known?.[0] ?? 'mongodb://USER:PASSWORD@HOST/DATABASE, with special characters percent-encoded';
}

function databaseOf(url: string): string {
  const [, name = ''] = /^[a-z+]+:\/\/[^/?]+\/([^?]*)/.exec(url) ?? [];
  return decodeURIComponent(name) || DEFAULT_DATABASE;
}
