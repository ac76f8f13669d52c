import { siblingModule } from '../lib/sibling-module.ts';
import { Remote } from '../store/threads/remote.ts';
import type { IngestBatch, IngestResult } from './ingest-batch.ts';
import type { IngestSettings } from './settings.ts';

/** Takes batches and resolves after their commit. */
export interface Ingest {
  /** Batches without an answer. */
  readonly pending: number;
  /** Stores a batch; see `ingestBatch`. Takes over the memory of its body. @throws RelaylogError also UNAVAILABLE if too many batches are pending. */
  ingest(batch: IngestBatch): Promise<IngestResult>;
  close(): Promise<void>;
}

/** Maximum number of pending batches of all organizations. The thread limits those of each (see `ingest-worker.ts`). */
const MAX_PENDING = 1_024;

/**
 * The heap limit of the thread, for batches of this size. A thread that exceeds it ends: its batches are answered with 503,
 * and the next batch starts it again.
 */
function heapFor(maxBytes: number) {
  return { maxOldGenerationSizeMb: 96 + (6 * maxBytes) / 2 ** 20 };
}

/** Ingest in a thread of its own, with its own connection: parsing and storing a batch never holds up a reader. */
export function ingestThread(settings: IngestSettings): Ingest {
  const remote = new Remote<{ ingest(batch: IngestBatch): Promise<IngestResult> }>(
    siblingModule('./ingest-worker.ts', import.meta.url),
    settings,
    { maxPending: MAX_PENDING, resourceLimits: heapFor(settings.limits.maxBytes) },
  );
  return {
    get pending() {
      return remote.pending;
    },
    ingest: (batch) => remote.transfer(memoryOf(batch.body), 'ingest', batch),
    close: () => remote.close(),
  };
}

/** The memory that can be moved to the thread. A view of a larger buffer is copied. */
function memoryOf({ buffer, byteLength }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
