import { foldCase } from '../lib/text.ts';
import { badInput } from '../log/errors.ts';
import type { FieldValue } from '../log/filter.ts';
import type { PartAnswer } from './answer.ts';
import { DIMENSIONS, type DimensionName } from './dimensions.ts';
import { sortedGroups } from './group-order.ts';
import { STATS_LIMITS } from './limits.ts';
import { MeasuresSum } from './measures.ts';
import { measuresTable } from './measures-table.ts';
import type { CheckedPart, GroupsQuestion } from './question.ts';
import { rangeFinder } from './range-finder.ts';

/** A value of a dimension as a store holds it, such as the number of a name. */
export type StoredValue = FieldValue;

/** All logs of one group, and of each of its buckets that has any. */
class GroupSum {
  readonly key: readonly StoredValue[];
  readonly all = new MeasuresSum();
  readonly buckets: (MeasuresSum | undefined)[] = [];

  constructor(key: readonly StoredValue[]) {
    this.key = key;
  }

  bucket(index: number): MeasuresSum {
    this.buckets[index] ??= new MeasuresSum();
    return this.buckets[index];
  }
}

/**
 * Collects the answer to one part of a question, from logs or from measures of sets of logs, in any order.
 *
 * Each log or set is added to the sums that `sumsFor` returns.
 */
export class PartCollector {
  readonly part: CheckedPart;
  readonly #groups = new Map<StoredValue, unknown>();
  readonly #list: GroupSum[] = [];
  readonly #bucketOf: ((time: number) => number) | null;
  #sums = 0;

  constructor(part: CheckedPart) {
    this.part = part;
    this.#bucketOf = part.buckets && rangeFinder(part.buckets.ranges);
    if (part.groups === null) this.#list.push(new GroupSum([]));
  }

  /**
   * The sum that a log, or a set of logs within one bucket, belongs to. With buckets, it is null if the time is in none.
   *
   * @param key the value of each dimension of the part, in the order of the question.
   * @param time Unix milliseconds.
   */
  sumFor(key: readonly StoredValue[], time: number): MeasuresSum | null {
    if (this.#bucketOf === null) return this.#group(key).all;
    const bucket = this.#bucketOf(time);
    if (bucket < 0) return null;
    const group = this.#group(key);
    if (group.buckets[bucket] === undefined) this.#count();
    return group.bucket(bucket);
  }

  /** @param nameOf the value of a dimension, from the stored one. */
  answer(nameOf: (value: StoredValue, dimension: DimensionName) => FieldValue): PartAnswer {
    const { groups, buckets } = this.part;
    const textOf = (value: StoredValue, place: number) => {
      const name = groups!.by[place]!;
      return DIMENSIONS[name].textOf(nameOf(value, name));
    };
    const count = buckets?.ranges.length ?? 0;
    const all = new MeasuresSum();
    for (const group of this.#list) {
      for (const bucket of group.buckets) if (bucket !== undefined) group.all.merge(bucket.result());
      all.merge(group.all.result());
    }
    const rowsOf = ({ buckets }: GroupSum) =>
      Array.from({ length: count }, (_, i) => buckets[i] ?? new MeasuresSum());
    if (groups === null) return { table: measuresTable([all, ...rowsOf(this.#list[0]!)]), groups: null };
    const matching = this.#list
      .map((group) => ({ group, key: group.key.map(textOf) }))
      .filter(({ key }) => isAsked(key, groups))
      .map(({ group, key }) => ({
        group,
        key: key.map((value, place) => ({ dimension: groups.by[place]!, value })),
        measures: group.all.result(),
      }));
    const sorted = sortedGroups(matching, groups.order);
    const listed = sorted.slice(0, groups.top);
    const other = new MeasuresSum();
    for (const { measures } of sorted.slice(groups.top)) other.merge(measures);
    const rows = listed.flatMap(({ group }) => [group.all, ...rowsOf(group)]);
    return {
      table: measuresTable([all, ...rows, other]),
      groups: { keys: listed.map(({ key }) => key.map(({ value }) => value)), count: sorted.length },
    };
  }

  #group(key: readonly StoredValue[]): GroupSum {
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
    const known = level.get(last) as GroupSum | undefined;
    if (known !== undefined) return known;
    const group = new GroupSum(key.slice());
    this.#count();
    level.set(last, group);
    this.#list.push(group);
    return group;
  }

  #count(): void {
    if (++this.#sums <= STATS_LIMITS.collected) return;
    throw badInput(
      `The logs have more than ${STATS_LIMITS.collected} groups and buckets: use a filter, a dimension with fewer values or a longer interval.`,
    );
  }
}

function isAsked(key: readonly (string | null)[], { search, only }: GroupsQuestion): boolean {
  if (search !== null) {
    const wanted = foldCase(search);
    if (!key.some((value) => value !== null && foldCase(value).includes(wanted))) return false;
  }
  return only === null || only.some((one) => one.every((value, i) => value === key[i]));
}
