import { createHash, randomUUID } from 'node:crypto';
import { logId } from '../src/log/log-id.ts';
import { MONGO_PATHS } from '../src/store/mongo/access-paths.ts';
import { FILTERS } from '../test/store/questions.ts';
import { Cluster, hashed } from './shards/cluster.ts';

/*
 * Simulates how a cluster of 16 shards spreads the ingest of one organization, by shard key and by kind of request id.
 * No sharded cluster runs here: `shards/cluster.ts` splits and moves chunks by MongoDB's documented rules.
 *
 *   node bench/shard-keys.ts
 */
const SHARDS = 16;
const LOGS = 200_000;
const PAGE = 100;
const FIRST_TIME = Date.UTC(2026, 0, 1);

const REQUEST_IDS: Readonly<Record<string, (i: number) => string>> = {
  'random (UUIDv4)': () => randomUUID(),
  'ordered by time (ULID, UUIDv7)': (i) => `01${i.toString(32).padStart(8, '0')}${randomUUID().slice(0, 8)}`,
  'a counter': (i) => String(i).padStart(12, '0'),
};

/** The place of a log in the order of its organization's shard key. */
const KEYS: Readonly<Record<string, (id: string, requestId: string) => string>> = {
  'logs by requestId': (_id, requestId) => requestId,
  'payloads by _id': (id) => id,
  'payloads by hashed _id': (id) => hashed(id),
  'logs by a hash of requestId, then requestId': (_id, requestId) =>
    createHash('md5').update(requestId).digest('hex').slice(0, 2) + requestId,
};

console.log(`| key within the organization | request ids | busiest shard's part of the inserts | shards of the newest ${PAGE} |
| --- | --- | --- | --- |`);
for (const [name, keyOf] of Object.entries(KEYS)) {
  for (const [ids, requestIdOf] of Object.entries(REQUEST_IDS)) {
    const cluster = new Cluster(SHARDS);
    const newest: string[] = [];
    for (let i = 0; i < LOGS; i++) {
      const requestId = requestIdOf(i);
      const key = keyOf(logId(FIRST_TIME + i, 'acme', requestId), requestId);
      cluster.insert(key);
      if (i >= LOGS - PAGE) newest.push(key);
    }
    const ofPage = new Set(newest.map((key) => cluster.shardOf(key))).size;
    console.log(`| ${name} | ${ids} | ${Math.round(cluster.busiestShare * 100)}% | ${ofPage} |`);
  }
}

/* A router sends a find to one shard if the find fixes the whole shard key, and to each shard of the organization if not. */
const scope = { organizationId: 'acme', visibleFrom: null };
const [one, several] = [true, false].map((isOne) =>
  Object.entries(FILTERS)
    .filter(([, filter]) => (MONGO_PATHS.planFilter(scope, filter).index.unique === true) === isOne)
    .map(([name]) => name),
);
console.log(
  `\nOne shard: ${one!.join(', ')}.\nEach shard that holds logs of the organization: ${several!.join(', ')}.`,
);
