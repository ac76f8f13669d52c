import { workerData } from 'node:worker_threads';
import { WeightedSemaphore } from '../lib/weighted-semaphore.ts';
import { redactor } from '../log/redact.ts';
import { openStore } from '../store/open-store.ts';
import { serve } from '../store/threads/serve.ts';
import { type IngestBatch, ingestBatch } from './ingest-batch.ts';
import type { IngestSettings } from './settings.ts';

const { storeUrl, limits, redact } = workerData as IngestSettings;

/** How many bodies of maximum size are processed concurrently: the next one is prepared while one is being stored. */
const CONCURRENT_BODIES = 2;

serve(async () => {
  const store = await openStore(storeUrl, { ingest: true });
  const secrets = redactor(redact);
  // If the store cannot combine concurrent batches into one insert, they run one at a time.
  const inFlight = new WeightedSemaphore(
    store.capabilities.combinesInserts ? limits.maxBytes * CONCURRENT_BODIES : 0,
  );
  return {
    async ingest(batch: IngestBatch) {
      const bytes = batch.gzip ? limits.maxBytes : batch.body.length;
      return inFlight.run(bytes, () => ingestBatch(store, batch, limits, secrets));
    },
  };
});
