import type { RecordedRequest } from '../src/log/request-log.ts';
import type { Position, SortField } from '../src/log/sort.ts';

/** Hand-written queries on the plain driver, with the same indexes, as the reference for Relaylog's store. */
export interface RawPeer {
  /** The position at a share of the depth (0 to 1), largest value first. */
  positionAt(sort: SortField, rows: number, share: number): Promise<Position>;
  /** One page with the tightest bounds, the same as Relaylog's. */
  page(sort: SortField, after: Position | null, limit: number): Promise<unknown[]>;
  /** The usual form of a keyset page, one find with an `$or`; null if `page` already has that form. */
  readonly usualPage: ((sort: SortField, after: Position, limit: number) => Promise<unknown[]>) | null;
  /** Inserts into a separate table or collection with the same indexes. */
  insert(batch: readonly RecordedRequest[]): Promise<void>;
  close(): Promise<void>;
}

export const ORGANIZATION = 'bench';
