import { workerData } from 'node:worker_threads';
import { redactors } from '../log/redact/redactor.ts';
import { FairQueue, type WaitLimits } from '../store/fair-queue.ts';
import { openStore } from '../store/open-store.ts';
import { SizedPermits } from '../store/permits.ts';
import { serve } from '../store/threads/serve.ts';
import { type IngestBatch, ingestBatch } from './ingest-batch.ts';
import type { IngestSettings } from './settings.ts';

const { storeUrl, limits, redaction } = workerData as IngestSettings;

/**
 * How many batches of maximum size are in flight, in total and per organization, which never takes up all of them. One is
 * prepared while another one is stored, if the store combines batches. Otherwise each takes more memory while it is stored.
 */
const BATCHES = { combined: { inFlight: 3, ofOne: 2 }, separate: { inFlight: 2, ofOne: 1 } };
/** A smaller batch counts at least as this share of one of maximum size, because each batch in flight takes time slices. */
const SMALLEST_SHARE = 1 / 8;

const BATCH_WAIT_LIMITS: WaitLimits = {
  message: 'Too many batches are waiting',
  waiting: 512,
  waitingPerKey: 128,
  waitMs: 5_000,
};

serve(async () => {
  const store = await openStore(storeUrl, { ingest: true });
  const newRedactor = redactors(redaction);
  const { inFlight, ofOne } = store.capabilities.combinesInserts ? BATCHES.combined : BATCHES.separate;
  const permits = new SizedPermits(limits.maxBytes * inFlight, limits.maxBytes * ofOne);
  const queue = new FairQueue(permits, BATCH_WAIT_LIMITS);
  return {
    async ingest(batch: IngestBatch) {
      const bytes = batch.gzip ? limits.maxBytes : batch.body.length;
      const size = Math.max(bytes, limits.maxBytes * SMALLEST_SHARE);
      const work = () => ingestBatch(store, batch, limits, newRedactor);
      return queue.run(batch.organizationId, work, undefined, size);
    },
  };
});
