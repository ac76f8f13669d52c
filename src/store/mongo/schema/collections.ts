import type { Document, IndexDescription } from 'mongodb';
import { boundsOf, fieldOf, LOG_FIELDS, type LogField } from '../../../log/fields.ts';
import { mapPayloadParts } from '../../../log/payload.ts';
import { MAX_SKEW_MS } from '../../bucket.ts';
import { type LogIndex, MONGO_INDEXES } from '../../indexes.ts';

/** An index as it is sent to the server. */
export interface DeclaredIndex extends IndexDescription {
  readonly name: string;
  readonly key: Record<string, 1>;
}

/** The fields of a shard key, in order; a hashed one spreads values that grow with time. */
type ShardKey = Readonly<Record<string, 1 | 'hashed'>>;

/** A collection with its indexes, validator and shard key. */
export interface DeclaredCollection {
  readonly name: string;
  readonly indexes: readonly DeclaredIndex[];
  /** The JSON Schema of the validator. It enforces the types that sorting and scoping depend on. */
  readonly schema: Document;
  /** The shard key on a sharded cluster; without one, the collection stays on one shard. */
  readonly shardKey?: ShardKey;
}

const text = { bsonType: 'string' };
const date = { bsonType: 'date' };
const binary = { bsonType: 'binData' };
const integer = { bsonType: ['int', 'long'] };
/** The driver sends a number that exceeds 32 bits as a double. */
const safeInteger = { bsonType: ['int', 'long', 'double'] };
const optional = ({ bsonType }: { bsonType: string | string[] }) => ({ bsonType: [bsonType, 'null'].flat() });

const documentOf = (
  properties: Record<string, Document>,
  required: readonly string[] = Object.keys(properties),
): Document => ({ bsonType: 'object', required, properties });

function fieldSchema(name: LogField): Document {
  const field = fieldOf(name);
  const { kind, nullable, nullSortKey } = field;
  const type = { text, time: date, integer, safeInteger }[kind];
  const typed = nullable && nullSortKey === undefined ? optional(type) : type;
  return kind === 'integer' || kind === 'safeInteger'
    ? { ...typed, minimum: nullSortKey ?? boundsOf(field).min }
    : typed;
}

/** A nullable field may be missing: an older version of Relaylog that writes to the same collection does not set it. */
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
 * The shard key of the logs on a sharded cluster. A unique index must start with the shard key, so it equals the index on the
 * request id. Every query contains the organization, its prefix. New logs are spread over the shards; a shard key on the time
 * would send all of them to the same shard.
 */
export const LOG_SHARD_KEY = { organizationId: 1, requestId: 1 } as const;

/**
 * The shard key of the payloads. Their `_id` begins with the time, so without the hash all new payloads of an organization
 * would go to one shard.
 */
export const PAYLOAD_SHARD_KEY = { organizationId: 1, _id: 'hashed' } as const;

const USAGE_ENTRY = {
  day: integer,
  endpointType: optional(text),
  apiKeyId: optional(text),
  requests: safeInteger,
  billedUnits: safeInteger,
  errors: safeInteger,
  durations: safeInteger,
  durationMs: safeInteger,
};

/** Each question is about one organization. Its roll-ups are small, so they stay on one shard. */
export const ROLL_UP_SHARD_KEY = { organizationId: 1 } as const;

/** All collections. The store creates them; `doctor` compares them with a server. */
export const COLLECTIONS = {
  logs: {
    name: 'request_logs',
    indexes: Object.values(MONGO_INDEXES).map(logIndex),
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
      ...mapPayloadParts(() => optional(text)),
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
    // The server deletes idle buckets itself, but not before they are idle by the slowest permitted clock.
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
  usage: {
    name: 'usage_ledger',
    indexes: [{ name: 'organization', key: { organizationId: 1, day: 1 } }],
    schema: documentOf({ _id: text, ...USAGE_ENTRY, organizationId: text, deletion: integer }),
  },
  deletions: {
    name: 'usage_deletions',
    indexes: [],
    schema: documentOf({
      _id: text,
      number: integer,
      pending: { bsonType: ['object', 'null'] },
      quietUntil: date,
    }),
  },
  rollUpDays: {
    name: 'roll_up_days',
    indexes: [{ name: 'group', key: { organizationId: 1, rollUp: 1, day: 1, key: 1 }, unique: true }],
    shardKey: ROLL_UP_SHARD_KEY,
    schema: documentOf({
      organizationId: text,
      rollUp: integer,
      day: integer,
      key: text,
      total: binary,
      hours: binary,
      version: { bsonType: 'objectId' },
    }),
  },
  rollUpContents: {
    name: 'roll_up_contents',
    indexes: [{ name: 'day', key: { organizationId: 1, rollUp: 1, day: 1 }, unique: true }],
    shardKey: ROLL_UP_SHARD_KEY,
    schema: documentOf({
      organizationId: text,
      rollUp: integer,
      day: integer,
      groups: integer,
      hoursLeftOut: integer,
      version: { bsonType: 'objectId' },
    }),
  },
  rollUpMarks: {
    name: 'roll_up_marks',
    indexes: [
      { name: 'organization', key: { organizationId: 1, hour: 1 }, unique: true },
      { name: 'hour', key: { hour: 1 } },
    ],
    shardKey: ROLL_UP_SHARD_KEY,
    schema: documentOf({ organizationId: text, hour: integer, changes: safeInteger }),
  },
  rollUpProgress: {
    name: 'roll_up_progress',
    indexes: [],
    schema: documentOf({ _id: text, fromHour: integer, build: { bsonType: 'objectId' } }),
  },
  settings: {
    name: 'settings',
    indexes: [],
    schema: documentOf({ _id: text, value: binary }),
  },
} as const satisfies Record<string, DeclaredCollection>;

/** The validator of the collection, in MongoDB's form. */
export function validatorOf({ schema }: DeclaredCollection): Document {
  return { $jsonSchema: schema };
}
