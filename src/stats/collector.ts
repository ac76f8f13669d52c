import { foldCase } from '../lib/fold-case.ts';
import { badInput, type RelaylogError } from '../log/errors.ts';
import type { FieldValue } from '../log/filter.ts';
import type { PartAnswer } from './answer.ts';
import { DIMENSIONS, type DimensionName } from './dimensions.ts';
import { sortedGroups } from './group-order.ts';
import { STATS_LIMITS } from './limits.ts';
import { type Measures, MeasuresSum } from './measures.ts';
import { measuresTable } from './measures-table.ts';
import type { CheckedBuckets, CheckedPart } from './question.ts';
import { rangeFinder } from './range-finder.ts';

/** A value of a dimension as a store holds it, such as the number of a name. */
export type StoredValue = FieldValue;

/** The measures of a set of logs: of one set that was added as it is, or a sum of what was added. */
type Slot = Measures | MeasuresSum;

/** All logs of one group, and of each of its buckets that has any. */
interface GroupSlots {
  readonly key: readonly StoredValue[];
  all: Slot | undefined;
  readonly buckets: (Slot | undefined)[];
}

/** Collects the answer to one part of a question, from logs or from measures of sets of logs, in any order. */
export class PartCollector {
  readonly part: CheckedPart;
  readonly #groups = new Map<StoredValue, unknown>();
  readonly #list: GroupSlots[] = [];
  readonly #bucketOf: ((time: number) => number) | null;
  #slots = 0;

  constructor(part: CheckedPart) {
    this.part = part;
    this.#bucketOf = part.buckets && rangeFinder(part.buckets.ranges);
    if (part.groups === null) this.#list.push({ key: [], all: undefined, buckets: [] });
  }

  /**
   * The sum that a log belongs to. With buckets, it is null if the time is in none.
   *
   * @param key the value of each dimension of the part, in the order of the question.
   * @param time Unix milliseconds.
   */
  sumFor(key: readonly StoredValue[], time: number): MeasuresSum | null {
    const bucket = this.#bucketOf === null ? null : this.#bucketOf(time);
    if (bucket === -1) return null;
    const group = this.#group(key);
    const known = bucket === null ? group.all : group.buckets[bucket];
    if (known instanceof MeasuresSum) return known;
    const sum = new MeasuresSum();
    if (known !== undefined) sum.merge(known);
    this.#set(group, bucket, sum, known === undefined);
    return sum;
  }

  /**
   * Adds the measures of logs that are all in one group and bucket.
   *
   * @param time of any of these logs.
   */
  merge(key: readonly StoredValue[], time: number, measures: Measures): void {
    const bucket = this.#bucketOf === null ? null : this.#bucketOf(time);
    if (bucket === -1) return;
    const group = this.#group(key);
    const known = bucket === null ? group.all : group.buckets[bucket];
    if (known instanceof MeasuresSum) known.merge(measures);
    else if (known === undefined) this.#set(group, bucket, measures, true);
    else {
      const sum = new MeasuresSum();
      sum.merge(known);
      sum.merge(measures);
      this.#set(group, bucket, sum, false);
    }
  }

  /** @param nameOf the value of a dimension, from the stored one. */
  answer(nameOf: (value: StoredValue, dimension: DimensionName) => FieldValue): PartAnswer {
    const { groups } = this.part;
    const textOf = (value: StoredValue, place: number) => {
      const name = groups!.by[place]!;
      return DIMENSIONS[name].textOf(nameOf(value, name));
    };
    const { part } = this;
    if (part.buckets !== null) return this.#bucketsAnswer(part, textOf);
    const collected = this.#list.map(({ key, all }) => ({
      key,
      measures: all === undefined ? null : resultOf(all),
    }));
    const all = total(collected.map(({ measures }) => measures));
    if (part.groups === null) return { table: measuresTable([all]), groups: null };
    const { by, order, search, top } = part.groups;
    const matching = collected
      .map(({ key, measures }) => ({ values: key.map(textOf), measures: measures! }))
      .filter(({ values }) => search === null || isFound(values, search))
      .map(({ values, measures }) => ({
        key: values.map((value, place) => ({ dimension: by[place]!, value })),
        measures,
      }));
    const sorted = sortedGroups(matching, order);
    const listed = sorted.slice(0, top);
    const other = total(sorted.slice(top).map(({ measures }) => measures));
    return {
      table: measuresTable([all, ...listed.map(({ measures }) => measures), other]),
      groups: { keys: listed.map(({ key }) => key.map(({ value }) => value)), count: sorted.length },
    };
  }

  #bucketsAnswer(
    { groups, buckets }: CheckedPart & { readonly buckets: CheckedBuckets },
    textOf: (value: StoredValue, place: number) => string | null,
  ): PartAnswer {
    const byKey = new Map(this.#list.map((group) => [JSON.stringify(group.key.map(textOf)), group]));
    const rows = (groups?.keys ?? [[]]).flatMap((key) => {
      const slots = byKey.get(JSON.stringify(key))?.buckets ?? [];
      return buckets.ranges.map((_, i) => (slots[i] === undefined ? null : resultOf(slots[i])));
    });
    return { table: measuresTable(rows), groups: null };
  }

  #group(key: readonly StoredValue[]): GroupSlots {
    if (key.length === 0) return this.#list[0]!;
    let level = this.#groups;
    for (let i = 0; i < key.length - 1; i++) {
      let next = level.get(key[i]!) as Map<StoredValue, unknown> | undefined;
      if (next === undefined) {
        next = new Map();
        level.set(key[i]!, next);
      }
      level = next;
    }
    const last = key[key.length - 1]!;
    const known = level.get(last) as GroupSlots | undefined;
    if (known !== undefined) return known;
    const group: GroupSlots = { key: key.slice(), all: undefined, buckets: [] };
    level.set(last, group);
    this.#list.push(group);
    return group;
  }

  #set(group: GroupSlots, bucket: number | null, slot: Slot, isNew: boolean): void {
    if (bucket === null) group.all = slot;
    else group.buckets[bucket] = slot;
    if (isNew && ++this.#slots > STATS_LIMITS.collected) throw tooManyGroups();
  }
}

/** The error of a part with more groups and buckets than the limit, or than a store has memory for. */
export function tooManyGroups(): RelaylogError {
  return badInput(
    `The logs have more than ${STATS_LIMITS.collected} groups and buckets: use a filter, a dimension with fewer values or a longer interval.`,
  );
}

function resultOf(slot: Slot): Measures {
  return slot instanceof MeasuresSum ? slot.result() : slot;
}

function total(parts: readonly (Measures | null)[]): Measures {
  const sum = new MeasuresSum();
  for (const part of parts) if (part !== null) sum.merge(part);
  return sum.result();
}

function isFound(key: readonly (string | null)[], search: string): boolean {
  const wanted = foldCase(search);
  return key.some((value) => value !== null && foldCase(value).includes(wanted));
}
