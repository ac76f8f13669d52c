import { ExpiringMap } from '../lib/expiring-map.ts';
import {
  type BucketDecision,
  type BucketRequest,
  type BucketState,
  consumeFrom,
  idleFrom,
} from '../store/bucket.ts';

/** Maximum number of buckets. Beyond it, the least recently used bucket is dropped, which resets it to full. */
const MAX_BUCKETS = 100_000;

/** Token buckets in the memory of this process. */
export class MemoryBuckets {
  readonly #states: ExpiringMap<BucketState>;

  constructor(max = MAX_BUCKETS) {
    this.#states = new ExpiringMap(max);
  }

  get size(): number {
    return this.#states.size;
  }

  /** Returns whether the bucket exists; a bucket that has refilled may be dropped. */
  has(name: string): boolean {
    return this.#states.has(name);
  }

  consume(name: string, request: BucketRequest): BucketDecision {
    const decision = this.peek(name, request);
    this.set(name, decision.state, request);
    return decision;
  }

  /** Returns the same as `consume` without consuming. */
  peek(name: string, request: BucketRequest): BucketDecision {
    return consumeFrom(this.#states.get(name), request);
  }

  /** Sets the state of a bucket after a request. */
  set(name: string, state: BucketState, request: BucketRequest): void {
    this.#states.set(name, state, idleFrom(state, request), request.now);
  }
}
