import { bucketIds } from '../../stats/ids.ts';
import type { TimeRange } from '../../stats/intervals.ts';
import type { MeasuresRow } from '../../stats/measures-table.ts';
import type { CheckedPart } from '../../stats/question.ts';

/** A bucket of time. An answer can have thousands, so each number and id is read from what they share when it is selected. */
export class Bucket {
  readonly #range: TimeRange;
  readonly #ids: BucketIds;
  readonly measures: MeasuresRow;

  constructor(range: TimeRange, measures: MeasuresRow, ids: BucketIds) {
    this.#range = range;
    this.measures = measures;
    this.#ids = ids;
  }

  get id(): string {
    return this.#ids.of(this.#range.from);
  }
  get from(): number {
    return this.#range.from;
  }
  get to(): number {
    return this.#range.to;
  }
}

/** @param parent what is divided into the buckets. @param rows the measures of each bucket of the part. */
export function bucketsFrom(
  parent: { readonly id: string },
  { buckets }: CheckedPart,
  rows: readonly MeasuresRow[],
): Bucket[] {
  const ids = new BucketIds(parent, buckets!);
  return buckets!.ranges.map((range, i) => new Bucket(range, rows[i]!, ids));
}

class BucketIds {
  readonly #parent: { readonly id: string };
  readonly #buckets: NonNullable<CheckedPart['buckets']>;
  #idOf: ((from: number) => string) | undefined;

  constructor(parent: { readonly id: string }, buckets: NonNullable<CheckedPart['buckets']>) {
    this.#parent = parent;
    this.#buckets = buckets;
  }

  of(from: number): string {
    this.#idOf ??= bucketIds(this.#parent.id, this.#buckets.interval, this.#buckets.timeZone);
    return this.#idOf(from);
  }
}
