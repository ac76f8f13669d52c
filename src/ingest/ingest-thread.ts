import { Remote } from '../store/threads/remote.ts';
import type { IngestBatch, IngestResult } from './ingest-batch.ts';
import type { IngestSettings } from './settings.ts';

export interface Ingest {
  /** Number of batches that have not been answered yet. */
  readonly pending: number;
  /** Stores a batch; see `ingestBatch`. @throws RelaylogError also UNAVAILABLE if too many batches are pending. */
  ingest(batch: IngestBatch): Promise<IngestResult>;
  close(): Promise<void>;
}

/** Maximum number of pending batches. Further batches are rejected immediately with 503. */
const MAX_PENDING = 16;

/** Runs ingest in a separate thread with its own store connection, so parsing and storing batches never blocks readers. */
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
