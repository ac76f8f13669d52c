import { KeyedCounter } from '../lib/keyed-counter.ts';

/** A limited number of permits for concurrent work. One key can never hold all of them. */
export interface Permits<P> {
  /**
   * Returns a permit, or undefined if the key cannot have one now.
   *
   * @param contended whether tasks of other keys are waiting.
   * @param size the size of the task, if permits have sizes.
   */
  acquire(key: string, contended: boolean, size: number): P | undefined;
  release(key: string, permit: P): void;
}

/** Interchangeable permits, with a maximum per key. */
export class CountedPermits implements Permits<true> {
  readonly #maxPerKey: number;
  readonly #taken = new KeyedCounter();
  #free: number;

  /** @param maxPerKey how many permits one key may hold at a time. */
  constructor(count: number, maxPerKey: number) {
    this.#free = count;
    this.#maxPerKey = maxPerKey;
  }

  acquire(key: string): true | undefined {
    if (this.#free === 0 || this.#taken.of(key) >= this.#maxPerKey) return undefined;
    this.#free -= 1;
    this.#taken.add(key);
    return true;
  }

  release(key: string): void {
    this.#free += 1;
    this.#taken.remove(key);
  }
}

/**
 * Permits that have a size, such as a number of bytes. Their total is limited, and the total of each key. A task that is
 * larger than a limit runs while no other task counts towards that limit.
 */
export class SizedPermits implements Permits<number> {
  readonly #size: number;
  readonly #maxPerKey: number;
  readonly #taken = new KeyedCounter();
  #used = 0;

  constructor(size: number, maxPerKey: number) {
    this.#size = size;
    this.#maxPerKey = maxPerKey;
  }

  acquire(key: string, _contended: boolean, size: number): number | undefined {
    const ofKey = this.#taken.of(key);
    if (this.#used > 0 && this.#used + size > this.#size) return undefined;
    if (ofKey > 0 && ofKey + size > this.#maxPerKey) return undefined;
    this.#used += size;
    this.#taken.add(key, size);
    return size;
  }

  release(key: string, size: number): void {
    this.#used -= size;
    this.#taken.remove(key, size);
  }
}

export interface Slot {
  readonly lane: number;
  /** The slot's number within its lane. */
  readonly slot: number;
}

interface Lane {
  /** The key that holds the lane; null if it is idle. */
  key: string | null;
  /** How many slots the key has acquired since it got the lane. */
  acquired: number;
  readonly free: number[];
}

/**
 * Lanes (worker threads) that run their tasks one after the other; each lane is held by one key at a time. A lane accepts
 * several tasks ahead, so it is never idle between two tasks. If other keys are waiting, a key must leave its lane after
 * it has acquired `depth` slots.
 */
export class Lanes implements Permits<Slot> {
  readonly #lanes: readonly Lane[];
  readonly #depth: number;

  /**
   * @param count number of lanes, 2 or more; one key can hold all but one of them.
   * @param depth number of slots of each lane.
   */
  constructor(count: number, depth: number) {
    this.#depth = depth;
    this.#lanes = Array.from({ length: count }, () => ({
      key: null,
      acquired: 0,
      free: Array.from({ length: depth }, (_, slot) => slot),
    }));
  }

  acquire(key: string, contended: boolean): Slot | undefined {
    const own = this.#lanes.filter((lane) => lane.key === key);
    const idle = own.length < this.#lanes.length - 1 && this.#lanes.find((lane) => lane.key === null);
    const open = own.filter(({ acquired }) => !contended || acquired < this.#depth);
    const lane = idle || open.toSorted((a, b) => b.free.length - a.free.length)[0];
    const slot = lane?.free.pop();
    if (lane === undefined || slot === undefined) return undefined;
    lane.key = key;
    lane.acquired += 1;
    return { lane: this.#lanes.indexOf(lane), slot };
  }

  release(_key: string, { lane: number, slot }: Slot): void {
    const lane = this.#lanes[number]!;
    lane.free.push(slot);
    if (lane.free.length < this.#depth) return;
    lane.key = null;
    lane.acquired = 0;
  }
}
