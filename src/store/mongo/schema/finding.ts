import type { DeclaredCollection, DeclaredIndex } from './collections.ts';

/** Something in which a server differs from what is declared, or that it has besides. */
export interface Finding {
  readonly kind: 'collection' | 'index' | 'validator' | 'sharding';
  readonly collection: DeclaredCollection;
  /** Where an index is missing: what would be built. */
  readonly index?: DeclaredIndex;
  /** `missing` is what `build` makes; the others are the operator's to decide: nothing is changed or dropped. */
  readonly state: 'missing' | 'different' | 'not ours';
  /** What differs, and what would be done. */
  readonly message: string;
}
