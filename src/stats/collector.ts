import { foldCase } from '../lib/text.ts';
import { badInput } from '../log/errors.ts';
import type { FieldValue } from '../log/filter.ts';
import type { PartAnswer } from './answer.ts';
import { DIMENSIONS, type DimensionName } from './dimensions.ts';
import { sortedGroups } from './group-order.ts';
import { STATS_LIMITS } from './limits.ts';
import { type Measures, MeasuresSum } from './measures.ts';
import { measuresTable } from './measures-table.ts';
import type { CheckedPart, GroupsQuestion } from './question.ts';
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
    const { groups, buckets } = this.part;
    const textOf = (value: StoredValue, place: number) => {
      const name = groups!.by[place]!;
      return DIMENSIONS[name].textOf(nameOf(value, name));
    };
    const count = buckets?.ranges.length ?? 0;
    const collected = this.#list.map(({ key, all, buckets }) => ({
      key,
      measures: all === undefined ? total(buckets) : resultOf(all),
      buckets,
    }));
    const all = total(collected.map(({ measures }) => measures));
    const rowsOf = ({ buckets }: { buckets: GroupSlots['buckets'] }) =>
      Array.from({ length: count }, (_, i) => (buckets[i] === undefined ? null : resultOf(buckets[i])));
    if (groups === null) return { table: measuresTable([all, ...rowsOf(collected[0]!)]), groups: null };
    const matching = collected
      .map((group) => ({ ...group, values: group.key.map(textOf) }))
      .filter(({ values }) => isAsked(values, groups))
      .map(({ values, measures, buckets }) => ({
        key: values.map((value, place) => ({ dimension: groups.by[place]!, value })),
        measures,
        buckets,
      }));
    const sorted = sortedGroups(matching, groups.order);
    const listed = sorted.slice(0, groups.top);
    const other = total(sorted.slice(groups.top).map(({ measures }) => measures));
    const rows = listed.flatMap((group) => [group.measures, ...rowsOf(group)]);
    return {
      table: measuresTable([all, ...rows, other]),
      groups: { keys: listed.map(({ key }) => key.map(({ value }) => value)), count: sorted.length },
    };
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
    if (!isNew || ++this.#slots <= STATS_LIMITS.collected) return;
    throw badInput(
      `The logs have more than ${STATS_LIMITS.collected} groups and buckets: use a filter, a dimension with fewer values or a longer interval.`,
    );
  }
}

function resultOf(slot: Slot): Measures {
  return slot instanceof MeasuresSum ? slot.result() : slot;
}

function total(slots: readonly (Slot | undefined)[]): Measures {
  const present = slots.filter((slot) => slot !== undefined);
  if (present.length === 1) return resultOf(present[0]!);
  const sum = new MeasuresSum();
  for (const slot of present) sum.merge(resultOf(slot));
  return sum.result();
}

function isAsked(key: readonly (string | null)[], { search, only }: GroupsQuestion): boolean {
  if (search !== null) {
    const wanted = foldCase(search);
    if (!key.some((value) => value !== null && foldCase(value).includes(wanted))) return false;
  }
  return only === null || only.some((one) => one.every((value, i) => value === key[i]));
}
