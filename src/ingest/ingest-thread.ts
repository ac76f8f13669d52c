import { Remote } from '../store/threads/remote.ts';
import type { IngestBatch, IngestResult } from './ingest-batch.ts';
import type { IngestSettings } from './settings.ts';

/** Takes batches and resolves after their commit. */
export interface Ingest {
  /** Batches without an answer. */
  readonly pending: number;
  ingest(batch: IngestBatch): Promise<IngestResult>;
  close(): Promise<void>;
}

/** Batches that may wait for the one being stored; past that, the answer is 503 at once. */
const MAX_PENDING = 16;

/** Ingest in a thread of its own, with its own connection: parsing and storing a batch never holds up a reader. */
export function ingestThread(settings: IngestSettings): Ingest {
  const remote = new Remote<{ ingest(batch: IngestBatch): Promise<IngestResult> }>(
    new URL('./ingest-worker.ts', import.meta.url),
    settings,
    MAX_PENDING,
  );
  return {
    get pending() {
      return remote.pending;
    },
    ingest: (batch) => remote.call('ingest', batch),
    close: () => remote.close(),
  };
}
