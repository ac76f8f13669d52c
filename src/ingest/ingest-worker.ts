import { workerData } from 'node:worker_threads';
import { redactor } from '../log/redact.ts';
import { openStore } from '../store/open-store.ts';
import { serve } from '../thread/serve.ts';
import { type IngestBatch, ingestBatch } from './ingest-batch.ts';
import type { IngestSettings } from './ingest-thread.ts';

const { storeUrl, limits, redact } = workerData as IngestSettings;

serve(async () => {
  const store = await openStore(storeUrl, { inline: true });
  const secrets = redactor(redact);
  return { ingest: (batch: IngestBatch) => ingestBatch(store, batch, limits, secrets) };
});
