import type { DeclaredCollection, DeclaredIndex } from './collections.ts';

/** A difference between the server's schema and the declared schema. */
export interface Finding {
  readonly kind: 'collection' | 'index' | 'validator' | 'sharding';
  readonly collection: DeclaredCollection;
  /** For a missing index: the index to build. */
  readonly index?: DeclaredIndex;
  /** `build` creates what is `missing`. It never changes or drops the others; the operator decides about them. */
  readonly state: 'missing' | 'different' | 'not ours';
  /** The difference, and what happens to it, as a sentence for the operator. */
  readonly message: string;
}
