import type { DeclaredCollection, DeclaredIndex } from './collections.ts';

/** A difference between the server's schema and the declared schema. */
export interface Finding {
  readonly kind: 'collection' | 'index' | 'validator' | 'sharding';
  readonly collection: DeclaredCollection;
  /** For a finding about an index: the index. */
  readonly index?: Pick<DeclaredIndex, 'name' | 'unique'>;
  /**
   * `build` creates what is `missing`. It never changes or drops what is `different` or `undeclared`; the operator decides about
   * these. `unchecked`: the database user may not read it.
   */
  readonly state: 'missing' | 'different' | 'undeclared' | 'unchecked';
  /**
   * `wrong`: queries would return wrong results or logs could be lost, so the store rejects every call. `unusable`: queries
   * that need the index fail. Undefined: at most, queries are slower.
   */
  readonly impact?: 'wrong' | 'unusable';
  /** The difference, and what happens to it, as a sentence for the operator. */
  readonly message: string;
}

const STATES = {
  missing: 'is missing',
  different: 'differs from its declaration',
  undeclared: 'is not declared by Relaylog',
  unchecked: 'could not be checked',
} as const satisfies Record<Finding['state'], string>;

/** Returns the reason for rejecting calls, for error messages. */
export function reasonOf({ kind, collection, index, state }: Finding): string {
  const subject =
    index === undefined ? `the ${kind} ${collection.name}` : `the index ${index.name} of ${collection.name}`;
  return `${subject} ${STATES[state]}; run relaylog doctor`;
}
