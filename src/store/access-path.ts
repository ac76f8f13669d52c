import { type Filter, MATCH_ALL } from '../log/filter.ts';
import type { LogQuery, LogScope } from '../log/query.ts';
import { SORT_FIELDS, type SortField } from '../log/sort.ts';
import { both, type Condition } from './condition.ts';
import {
  type AccessPath,
  type IndexPrefix,
  isBetter,
  isTimeRange,
  isTooLarge,
  type KeyValue,
  pathOf,
  prefixesOf,
  questionOf,
  type StreamKey,
} from './index-path.ts';
import type { LogIndex } from './indexes.ts';
import {
  type Bounds,
  isWithin,
  type KeyBound,
  positionBound,
  tighter,
  type ValueBound,
} from './key-bounds.ts';

/** The values of one stream, one for each stream key of the plan. */
export type StreamValues = readonly KeyValue[];

/** The access path for a filter. Each store passes the index to its engine as a hint. */
export interface FilterPlan<B = ValueBound> extends Bounds<B> {
  readonly index: LogIndex;
  /**
   * The keys of the index before those of the order. Each combination of their values is a stream of rows in order; the merged
   * streams are the page. Empty: one stream.
   */
  readonly streams: readonly StreamKey[];
  /** The field that the bounds apply to. */
  readonly key: SortField;
  /** Bounds on `createdAt` within each stream. Null if `key` is `createdAt`, or if no stream is ordered by time alone. */
  readonly window: Bounds<ValueBound> | null;
  /** The part of the filter that the index does not decide; it is checked for each row. */
  readonly residual: Condition;
  /** Whether the rows that the residual rejects are limited by the index: they are within time blocks at the ends of a window. */
  readonly isBounded: boolean;
}

/** The access path for one page. */
export interface PagePlan extends FilterPlan<KeyBound> {
  /** Whether each stream returns its rows in the order of the page, so reading can stop after the first rows. */
  readonly isOrdered: boolean;
  /**
   * Another way to the same page: all rows in the filter's window, which are then sorted. It reads less if few rows are in the
   * window. Null if the streams read little more than the page.
   */
  readonly scan: FilterPlan | null;
}

/** The indexes of a store, if each sort is a key of one of them. */
type ServingEverySort<I extends Readonly<Record<string, LogIndex>>> =
  SortField extends I[keyof I]['keys'][number] ? I : never;

/** Chooses access paths among the indexes of a store. */
export class AccessPaths<I extends Readonly<Record<string, LogIndex>> = Readonly<Record<string, LogIndex>>> {
  readonly #prefixes = new Map<SortField, readonly IndexPrefix[]>();

  /** @throws Error if a sort has no index that needs no condition. */
  constructor(indexes: ServingEverySort<I>) {
    for (const sort of SORT_FIELDS) {
      const all = Object.values<LogIndex>(indexes).flatMap((index) =>
        prefixesOf(index, sort).map((keys) => ({ index, keys })),
      );
      this.#prefixes.set(sort, all);
      this.planFilter({ organizationId: '', visibleFrom: null }, MATCH_ALL, sort);
    }
  }

  /**
   * Chooses the access path for a filter. All pages, counts, purges and statistics use it.
   *
   * @param sort the order of the rows. Default: `createdAt`.
   */
  planFilter(scope: LogScope, filter: Filter, sort: SortField = 'createdAt'): FilterPlan {
    const question = questionOf(scope, filter, sort);
    const { parts, lower, upper } = question;
    let path: AccessPath | null = null;
    for (const prefix of this.#prefixes.get(sort)!) {
      const other = pathOf(prefix, question);
      if (other !== null && !isTooLarge(other, parts) && (path === null || isBetter(other, path)))
        path = other;
    }
    if (path === null) throw new Error(`No index has the order of the sort ${sort}.`);
    const { index, streams, window, covered } = path;
    const rest = parts.filter((part) => !covered.includes(part));
    const isBounded = streams.some(({ field }) => field === 'timeBlock') && rest.every(isTimeRange);
    return {
      index,
      streams,
      key: sort,
      lower,
      upper,
      window,
      residual: both(rest),
      isBounded: isBounded || rest.length === 0,
    };
  }

  /** Chooses the access path for a page: that of its filter, with the page's bounds. */
  planPage({ scope, filter, sort, direction, after, before }: LogQuery): PagePlan {
    const plan = this.planFilter(scope, filter, sort);
    const [first, last] = direction === 'asc' ? [after, before] : [before, after];
    return {
      ...plan,
      lower: tighter(positionBound(first), plan.lower, 1),
      upper: tighter(positionBound(last), plan.upper, -1),
      isOrdered: isOrdered(plan),
      scan: plan.isBounded || sort === 'createdAt' ? null : this.planFilter(scope, filter),
    };
  }
}

/** Returns whether the keys that no stream fixes are the sort keys, in their order. */
export function isOrdered({ index, streams, key }: Pick<FilterPlan, 'index' | 'streams' | 'key'>): boolean {
  const fixed = streams.map(({ field }) => field);
  return prefixesOf(index, key).some(
    (prefix) => prefix.length === fixed.length && prefix.every((name, i) => name === fixed[i]),
  );
}

/**
 * Drops the streams that cannot match: those whose value of the sort key is outside the bounds. Otherwise the engine would read
 * such a stream completely, only to find that every row is out of bounds.
 */
export function streamsWithin(
  plan: FilterPlan<KeyBound>,
  streams: readonly StreamValues[],
): readonly StreamValues[] {
  const { key, lower, upper } = plan;
  const i = plan.streams.findIndex(({ field }) => field === key);
  if (i < 0) return streams;
  return streams.filter((values) => isWithin(values[i]!, lower, 1) && isWithin(values[i]!, upper, -1));
}

/**
 * The bounds on `createdAt` in a stream whose logs have the same sort key: the tighter one of the page's position and of the window,
 * because an engine seeks by one of them only.
 *
 * @param value the sort key of the stream, within the page's bounds.
 */
export function tiesWithin({ lower, upper, window }: FilterPlan<KeyBound>, value: number): Bounds<KeyBound> {
  const tie = (bound: KeyBound | null): KeyBound | null =>
    bound?.kind === 'position' && bound.position.sortValue === value
      ? { kind: 'position', position: { ...bound.position, sortValue: bound.position.createdAt } }
      : null;
  return {
    lower: tighter(tie(lower), window?.lower ?? null, 1),
    upper: tighter(tie(upper), window?.upper ?? null, -1),
  };
}
