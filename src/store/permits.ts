import { KeyedCounter } from '../lib/keyed-counter.ts';

/** What work needs before it begins: there are so many at a time, and one key never has all of them. */
export interface Permits<P> {
  /**
   * A permit for a piece of work; undefined if there is none for this key now.
   *
   * @param contended work of other keys waits.
   */
  take(key: string, contended: boolean): P | undefined;
  give(key: string, permit: P): void;
}

/** Permits that are all alike. */
export class CountedPermits implements Permits<true> {
  readonly #maxOfKey: number;
  readonly #taken = new KeyedCounter();
  #free: number;

  /** @param maxOfKey how many of them one key may have. */
  constructor(count: number, maxOfKey: number) {
    this.#free = count;
    this.#maxOfKey = maxOfKey;
  }

  take(key: string): true | undefined {
    if (this.#free === 0 || this.#taken.of(key) >= this.#maxOfKey) return undefined;
    this.#free -= 1;
    this.#taken.add(key);
    return true;
  }

  give(key: string): void {
    this.#free += 1;
    this.#taken.remove(key);
  }
}

export interface Slot {
  readonly lane: number;
  /** Among those of its lane. */
  readonly slot: number;
}

interface Lane {
  /** Whose turn it is; null: nobody's. */
  key: string | null;
  /** How many slots this turn has had. */
  had: number;
  readonly free: number[];
}

/**
 * Lanes that do one piece after the other, each for one key at a time. A lane takes several pieces at once, so that it
 * does not stand still until it hears of the next; where others wait, its turn is over after as many.
 */
export class Lanes implements Permits<Slot> {
  readonly #lanes: readonly Lane[];
  readonly #depth: number;

  /** @param count of lanes, 2 or more: one key has all but one at most. */
  constructor(count: number, depth: number) {
    this.#depth = depth;
    this.#lanes = Array.from({ length: count }, () => ({
      key: null,
      had: 0,
      free: Array.from({ length: depth }, (_, slot) => slot),
    }));
  }

  take(key: string, contended: boolean): Slot | undefined {
    const own = this.#lanes.filter((lane) => lane.key === key);
    const idle = own.length < this.#lanes.length - 1 && this.#lanes.find((lane) => lane.key === null);
    const open = own.filter(({ had }) => !contended || had < this.#depth);
    const lane = idle || open.toSorted((a, b) => b.free.length - a.free.length)[0];
    const slot = lane?.free.pop();
    if (lane === undefined || slot === undefined) return undefined;
    lane.key = key;
    lane.had += 1;
    return { lane: this.#lanes.indexOf(lane), slot };
  }

  give(_key: string, { lane: number, slot }: Slot): void {
    const lane = this.#lanes[number]!;
    lane.free.push(slot);
    if (lane.free.length < this.#depth) return;
    lane.key = null;
    lane.had = 0;
  }
}
