/** Where work is done: so much of it at a time, and of one key never all. */
export interface Permits<P> {
  /**
   * A place for a piece of work; undefined where there is none for this key now.
   *
   * @param contended work of other keys waits.
   */
  take(key: string, contended: boolean): P | undefined;
  give(key: string, place: P): void;
}

/** Places that are all alike. */
export class CountedPermits implements Permits<true> {
  readonly #ofOne: number;
  readonly #taken = new Map<string, number>();
  #free: number;

  /** @param ofOne how many of them one key may have. */
  constructor(count: number, ofOne: number) {
    this.#free = count;
    this.#ofOne = ofOne;
  }

  take(key: string): true | undefined {
    const taken = this.#taken.get(key) ?? 0;
    if (this.#free === 0 || taken >= this.#ofOne) return undefined;
    this.#free -= 1;
    this.#taken.set(key, taken + 1);
    return true;
  }

  give(key: string): void {
    this.#free += 1;
    const left = this.#taken.get(key)! - 1;
    if (left === 0) this.#taken.delete(key);
    else this.#taken.set(key, left);
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
