import { workerData } from 'node:worker_threads';
import { WeightedSemaphore } from '../lib/weighted-semaphore.ts';
import { redactor } from '../log/redact.ts';
import { openStore } from '../store/open-store.ts';
import { serve } from '../store/threads/serve.ts';
import { type IngestBatch, ingestBatch } from './ingest-batch.ts';
import type { IngestSettings } from './settings.ts';

const { storeUrl, limits, redact } = workerData as IngestSettings;

/** Bodies of so many bytes, times this, may be prepared or wait to be stored: the next is prepared while one is stored. */
const BODIES_AT_ONCE = 2;

serve(async () => {
  const store = await openStore(storeUrl, { ingest: true });
  const secrets = redactor(redact);
  // A store that does not combine batches is given one after the other.
  const inFlight = new WeightedSemaphore(
    store.capabilities.combinesInserts ? limits.maxBytes * BODIES_AT_ONCE : 0,
  );
  return {
    async ingest(batch: IngestBatch) {
      const bytes = batch.gzip ? limits.maxBytes : batch.body.length;
      return inFlight.run(bytes, () => ingestBatch(store, batch, limits, secrets));
    },
  };
});
