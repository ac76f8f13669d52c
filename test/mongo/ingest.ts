import { MongoStore } from '../../src/store/mongo/store.ts';
import { ingestBatch } from './ingest-batch.ts';

/* Ingests batches until it is killed; prints the number of each one that was acknowledged. `ingest.ts URL` */

const store = new MongoStore({ url: process.argv[2]! });
for (let i = 0; ; i++) {
  await store.insert(ingestBatch(i));
  process.stdout.write(`${i}\n`);
}
