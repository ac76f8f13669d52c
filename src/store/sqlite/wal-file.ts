import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { blockThread } from '../../lib/block-thread.ts';
import { READ_MS } from '../read-budget.ts';
import { unavailable } from '../unavailable.ts';
import { translateError } from './errors.ts';

/** The result of a checkpoint (sqlite.org/pragma.html#pragma_wal_checkpoint). */
interface Checkpoint {
  /** 1 if another connection prevented the whole checkpoint. */
  readonly busy: number;
  /** Pages in the file that were committed, and how many of them are copied; -1 if another checkpoint is running. */
  readonly log: number;
  readonly checkpointed: number;
}

interface ShrinkOptions {
  /** How long to wait, in milliseconds. Default: half the time that a search may take. */
  readonly withinMs?: number;
  /** Whether the work that follows is not wanted any more. Default: it is. */
  isStopped?(): boolean;
}

/** How long to wait for other connections before the file can be emptied, and between attempts, in milliseconds. */
const EMPTY_MS = 30_000;
const RETRY_MS = 5;
/** Each page in the file has a header. */
const PAGE_HEADER_BYTES = 24;
const MAX_BYTES = 512 * 2 ** 20;

/** The `-wal` file of a database. SQLite appends changed pages to it, and copies them to the database file at a checkpoint. */
export class WalFile {
  readonly #db: DatabaseSync;
  readonly #file: string;
  readonly #maxBytes: number;
  /** The size from which on the file is large; more than the maximum after attempts that failed. */
  #largeBytes: number;

  /** @param maxBytes the size from which on `shrinkIfLarge` empties the file. Default: 512 MiB. */
  constructor(db: DatabaseSync, maxBytes = MAX_BYTES) {
    this.#db = db;
    // The location has no symbolic links: SQLite creates the file beside the target.
    this.#file = `${db.location()}-wal`;
    this.#maxBytes = maxBytes;
    this.#largeBytes = maxBytes;
  }

  /**
   * Copies the file to the database file and empties it.
   *
   * @throws RelaylogError UNAVAILABLE if other connections read or write continuously for 30 seconds.
   */
  empty(): void {
    const end = performance.now() + EMPTY_MS;
    while (this.#checkpoint('TRUNCATE').busy !== 0) {
      if (performance.now() >= end) {
        throw unavailable('other connections use the -wal file, so it still holds deleted values; try again');
      }
      blockThread(RETRY_MS);
    }
  }

  /**
   * Call it in each thread before work that reads for long. While such work overlaps without a gap and others write, SQLite cannot
   * reuse the file, which then grows by up to 100 MB a second. Once it is large, this waits until the work of the other threads
   * has ended and the file is small. If that fails, because another program reads for longer or the disk is full, the next
   * attempt comes when the file is twice as large.
   */
  shrinkIfLarge({ withinMs = READ_MS / 2, isStopped = () => false }: ShrinkOptions = {}): void {
    const end = performance.now() + withinMs;
    while (this.#bytes() >= this.#largeBytes && !isStopped()) {
      if (performance.now() < end && this.#tryToEmpty()) blockThread(RETRY_MS);
      else this.#largeBytes *= 2;
    }
    if (this.#bytes() < this.#maxBytes) this.#largeBytes = this.#maxBytes;
  }

  /**
   * Returns false if another attempt is of no use: the file cannot be copied, or most of it belongs to a transaction that has not
   * been committed.
   */
  #tryToEmpty(): boolean {
    try {
      const { log, checkpointed } = this.#checkpoint('PASSIVE');
      if (log === -1) return true;
      // This locks out other writers while it copies, so the rest has to be small.
      if (log === checkpointed) this.#checkpoint('TRUNCATE');
      const { page_size } = this.#db.prepare('PRAGMA page_size').get() as { page_size: number };
      return log * (page_size + PAGE_HEADER_BYTES) >= this.#bytes() / 2;
    } catch {
      // The work that follows may only read, which is still possible, or else says why not.
      return false;
    }
  }

  #checkpoint(mode: 'PASSIVE' | 'TRUNCATE'): Checkpoint {
    try {
      return this.#db.prepare(`PRAGMA wal_checkpoint(${mode})`).get() as unknown as Checkpoint;
    } catch (error) {
      throw translateError(error);
    }
  }

  #bytes(): number {
    return statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
  }
}
