import type { RecordedRequest } from '../src/log/request-log.ts';
import type { Position, SortField } from '../src/log/sort.ts';

/** What somebody would write by hand on the plain driver, with the same indexes: the measure beside ours. */
export interface RawPeer {
  /** The place at a share of the depth (0 to 1), largest first. */
  positionAt(sort: SortField, rows: number, share: number): Promise<Position>;
  /** By the best bounds there are: those of ours. */
  page(sort: SortField, after: Position | null, limit: number): Promise<unknown[]>;
  /** As keyset pages are usually written, one find with an `$or`; null if `page` is that. */
  readonly usualPage: ((sort: SortField, after: Position, limit: number) => Promise<unknown[]>) | null;
  /** Inserts into a table or collection of its own that has the same indexes. */
  insert(batch: readonly RecordedRequest[]): Promise<void>;
  close(): Promise<void>;
}

export const ORGANIZATION = 'bench';
