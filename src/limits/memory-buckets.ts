import { ExpiringMap } from '../lib/expiring-map.ts';
import {
  type BucketDecision,
  type BucketRequest,
  type BucketState,
  consumeFrom,
  idleFrom,
} from '../store/bucket.ts';

/** Buckets of one process at most; past it, the one that was used longest ago is full again. */
const MAX_BUCKETS = 100_000;

/** The buckets of one process. */
export class MemoryBuckets {
  readonly #states: ExpiringMap<BucketState>;

  constructor(max = MAX_BUCKETS) {
    this.#states = new ExpiringMap(max);
  }

  get size(): number {
    return this.#states.size;
  }

  /** Whether it was used lately. */
  has(name: string): boolean {
    return this.#states.has(name);
  }

  consume(name: string, consume: BucketRequest): BucketDecision {
    const result = this.look(name, consume);
    this.keep(name, result.state, consume);
    return result;
  }

  /** What `consume` would give; nothing is consumed. */
  look(name: string, consume: BucketRequest): BucketDecision {
    return consumeFrom(this.#states.get(name), consume);
  }

  /** Takes over a state that another process knows. */
  keep(name: string, state: BucketState, consume: BucketRequest): void {
    this.#states.set(name, state, idleFrom(state, consume), consume.now);
  }
}
