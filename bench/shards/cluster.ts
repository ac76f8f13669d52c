import { createHash } from 'node:crypto';

/** Documents of a chunk before it is split; MongoDB's default of 128 MB holds more, which only delays the balance. */
const CHUNK_DOCUMENTS = 2_000;
/** Inserts between two rounds of the balancer. */
const BALANCE_EVERY = 1_000;
/** Inserts over which the busiest shard is measured. */
const WINDOW = 1_000;

interface Chunk {
  /** The lowest key of its range. */
  from: string;
  shard: number;
  keys: string[];
}

/**
 * A range-sharded collection: chunks are split at their middle key when they are full, and the balancer moves chunks from
 * the shard with most to the shard with fewest, as MongoDB does. Keys are those of one organization.
 */
export class Cluster {
  readonly #chunks: Chunk[] = [{ from: '', shard: 0, keys: [] }];
  readonly #shards: number;
  #inserted = 0;
  #window = new Map<number, number>();
  #shares: number[] = [];

  constructor(shards: number) {
    this.#shards = shards;
  }

  /** Inserts a document. Returns its shard. */
  insert(key: string): number {
    const chunk = this.#chunkOf(key);
    chunk.keys.push(key);
    if (chunk.keys.length > CHUNK_DOCUMENTS) this.#split(chunk);
    this.#inserted += 1;
    this.#window.set(chunk.shard, (this.#window.get(chunk.shard) ?? 0) + 1);
    if (this.#inserted % WINDOW === 0) {
      this.#shares.push(Math.max(...this.#window.values()) / WINDOW);
      this.#window = new Map();
    }
    if (this.#inserted % BALANCE_EVERY === 0) this.#balance();
    return chunk.shard;
  }

  shardOf(key: string): number {
    return this.#chunkOf(key).shard;
  }

  /** The part of the inserts that the busiest shard took: the median over the second half of all windows. */
  get busiestShare(): number {
    const settled = this.#shares.slice(this.#shares.length / 2).sort((a, b) => a - b);
    return settled[Math.floor(settled.length / 2)]!;
  }

  #chunkOf(key: string): Chunk {
    let [low, high] = [0, this.#chunks.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.#chunks[middle]!.from <= key) low = middle;
      else high = middle - 1;
    }
    return this.#chunks[low]!;
  }

  #split(chunk: Chunk): void {
    const keys = chunk.keys.sort();
    const middle = Math.floor(keys.length / 2);
    chunk.keys = keys.slice(0, middle);
    const upper = { from: keys[middle]!, shard: chunk.shard, keys: keys.slice(middle) };
    this.#chunks.splice(this.#chunks.indexOf(chunk) + 1, 0, upper);
  }

  #balance(): void {
    const counts = new Array<number>(this.#shards).fill(0);
    for (const { shard } of this.#chunks) counts[shard]! += 1;
    const most = counts.indexOf(Math.max(...counts));
    const fewest = counts.indexOf(Math.min(...counts));
    if (counts[most]! - counts[fewest]! < 2) return;
    this.#chunks.find(({ shard }) => shard === most)!.shard = fewest;
  }
}

/** A hashed key as MongoDB makes it: the first 8 bytes of an MD5. */
export function hashed(value: string): string {
  return createHash('md5').update(value).digest('hex').slice(0, 16);
}
