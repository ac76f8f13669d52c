import { MongoStore } from '../../src/store/mongo/store.ts';
import { ingestBatch } from './ingest-batch.ts';

/* `ingest.ts URL` ingests batches until it is killed, and prints the number of each acknowledged batch. */

const store = new MongoStore({ url: process.argv[2]! });
for (let i = 0; ; i++) {
  await store.insert(ingestBatch(i));
  process.stdout.write(`${i}\n`);
}
