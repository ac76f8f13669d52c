import { ExpiringMap } from '../lib/expiring-map.ts';
import { type BucketState, type Draw, type Drawn, drawn, idleFrom } from '../store/bucket.ts';

/** Buckets of one process at most; past it, the one that was drawn from longest ago is full again. */
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

  /** Whether it was drawn from lately. */
  has(name: string): boolean {
    return this.#states.has(name);
  }

  draw(name: string, draw: Draw): Drawn {
    const result = this.look(name, draw);
    this.keep(name, result.state, draw);
    return result;
  }

  /** What `draw` would give; nothing is drawn. */
  look(name: string, draw: Draw): Drawn {
    return drawn(this.#states.get(name), draw);
  }

  /** Takes over what another one knows of a bucket. */
  keep(name: string, state: BucketState, draw: Draw): void {
    this.#states.set(name, state, idleFrom(state, draw), draw.now);
  }
}
