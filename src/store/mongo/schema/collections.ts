import type { Document, IndexDescription } from 'mongodb';
import { boundsOf, fieldOf, LOG_FIELDS, type LogField } from '../../../log/fields.ts';
import { eachPart } from '../../../log/payload.ts';
import { MAX_SKEW_MS } from '../../bucket.ts';
import { LOG_INDEXES, type LogIndex } from '../../indexes.ts';

/** An index as it is declared to the server. */
export interface DeclaredIndex extends IndexDescription {
  readonly name: string;
  readonly key: Record<string, 1>;
}

/** The fields of a shard key, in order; a hashed one spreads values that grow with time. */
type ShardKey = Readonly<Record<string, 1 | 'hashed'>>;

/** A collection with what keeps its answers right and quick. */
export interface DeclaredCollection {
  readonly name: string;
  readonly indexes: readonly DeclaredIndex[];
  /** JSON Schema that guards the types on which order and scope depend. */
  readonly schema: Document;
  /** How a cluster spreads its documents; without one they stay on one shard. */
  readonly shardKey?: ShardKey;
}

const text = { bsonType: 'string' };
const date = { bsonType: 'date' };
const integer = { bsonType: ['int', 'long'] };
/** The driver sends a number of more than 32 bits as a double. */
const safeInteger = { bsonType: ['int', 'long', 'double'] };
const optional = ({ bsonType }: { bsonType: string | string[] }) => ({ bsonType: [bsonType, 'null'].flat() });

const documentOf = (
  properties: Record<string, Document>,
  required: readonly string[] = Object.keys(properties),
): Document => ({ bsonType: 'object', required, properties });

function fieldSchema(name: LogField): Document {
  const field = fieldOf(name);
  const { kind, nullable, nullAs } = field;
  const type = { text, time: date, integer, safeInteger }[kind];
  const typed = nullable && nullAs === undefined ? optional(type) : type;
  return kind === 'integer' || kind === 'safeInteger'
    ? { ...typed, minimum: nullAs ?? boundsOf(field).min }
    : typed;
}

/** A nullable field may be missing: an older Relaylog that writes to the same collection does not know it. */
const LOG_SCHEMA = documentOf(
  {
    _id: text,
    organizationId: text,
    ...Object.fromEntries(LOG_FIELDS.map((name) => [name, fieldSchema(name)])),
  },
  ['_id', 'organizationId', ...LOG_FIELDS.filter((name) => !fieldOf(name).nullable)],
);

function logIndex(index: LogIndex): DeclaredIndex {
  return {
    name: index.name,
    key: Object.fromEntries(index.keys.map((key) => [key === 'id' ? '_id' : key, 1 as const])),
    ...(index.unique && { unique: true }),
    ...(index.minStatusCode !== undefined && {
      partialFilterExpression: { statusCode: { $gte: index.minStatusCode } },
    }),
  };
}

/**
 * The shard key of the logs on a cluster. A unique index has to begin with it, so it is that of the request id; each
 * query names the organization, which is its prefix, and new logs spread over the shards, as they would not by time.
 */
export const LOG_SHARD_KEY = { organizationId: 1, requestId: 1 } as const;

/**
 * The shard key of the payloads. Their `_id` begins with the time, so without the hash all new payloads of an organization
 * would go to one shard.
 */
export const PAYLOAD_SHARD_KEY = { organizationId: 1, _id: 'hashed' } as const;

/** Every collection, declared once: the store makes these, `doctor` compares a server with them. */
export const COLLECTIONS = {
  logs: {
    name: 'request_logs',
    indexes: Object.values(LOG_INDEXES).map(logIndex),
    shardKey: LOG_SHARD_KEY,
    schema: LOG_SCHEMA,
  },
  payloads: {
    name: 'request_log_payloads',
    indexes: [{ name: 'organization', key: { organizationId: 1, _id: 1 } }],
    shardKey: PAYLOAD_SHARD_KEY,
    schema: documentOf({
      _id: text,
      organizationId: text,
      ...eachPart(() => optional(text)),
    }),
  },
  organizations: {
    name: 'organizations',
    indexes: [],
    schema: documentOf({ _id: text, plan: text, createdAt: date }),
  },
  keys: {
    name: 'api_keys',
    indexes: [
      { name: 'hash', key: { hash: 1 }, unique: true },
      { name: 'organization', key: { organizationId: 1, createdAt: 1, _id: 1 } },
    ],
    schema: documentOf({
      _id: text,
      organizationId: text,
      prefix: text,
      hash: text,
      scopes: { bsonType: 'array', items: text },
      createdAt: date,
      revokedAt: optional(date),
      expiresAt: optional(date),
      lastUsedAt: optional(date),
    }),
  },
  leases: {
    name: 'leases',
    indexes: [],
    schema: documentOf({ _id: text, holder: text, until: date }),
  },
  buckets: {
    name: 'rate_limit_buckets',
    // The server itself forgets what is idle, even by a clock that is behind its own.
    indexes: [{ name: 'idle', key: { idleFrom: 1 }, expireAfterSeconds: MAX_SKEW_MS / 1000 }],
    schema: documentOf({
      _id: text,
      used: { bsonType: ['int', 'long', 'double'] },
      at: date,
      reservedUntil: date,
      granted: { bsonType: 'bool' },
      idleFrom: date,
    }),
  },
  settings: {
    name: 'settings',
    indexes: [],
    schema: documentOf({ _id: text, value: { bsonType: 'binData' } }),
  },
} as const satisfies Record<string, DeclaredCollection>;

/** What the server refuses documents by. */
export function validatorOf({ schema }: DeclaredCollection): Document {
  return { $jsonSchema: schema };
}
