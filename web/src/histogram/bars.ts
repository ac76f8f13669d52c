import { STATUS_CLASSES, type StatusClass } from '../fields/status-class.ts';

/** The requests of one bucket of time. */
export interface Bar {
  /** Unix milliseconds; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
  readonly counts: Readonly<Record<StatusClass, number>>;
  readonly total: number;
  /** Milliseconds; null if no request has a duration. */
  readonly p95: number | null;
}

/** A bucket as the API returns it. */
export interface Bucket {
  readonly from: string;
  readonly to: string;
  readonly measures: {
    readonly count: number;
    readonly durationMs: { readonly p95: number | null | undefined };
  };
}

/** The buckets of one class of status codes. */
export interface ClassBuckets {
  readonly key: readonly { readonly value: string | null | undefined }[];
  readonly buckets: readonly { readonly measures: { readonly count: number } }[];
}

/** @param classes their buckets are the same ranges of time as `buckets`. */
export function toBars(buckets: readonly Bucket[], classes: readonly ClassBuckets[]): readonly Bar[] {
  const ofClass = new Map(classes.map(({ key, buckets }) => [key[0]?.value, buckets]));
  return buckets.map(({ from, to, measures }, index) => ({
    from: Date.parse(from),
    to: Date.parse(to),
    counts: Object.fromEntries(
      STATUS_CLASSES.map((name) => [name, ofClass.get(name)?.[index]?.measures.count ?? 0]),
    ) as Record<StatusClass, number>,
    total: measures.count,
    p95: measures.durationMs.p95 ?? null,
  }));
}

/** The upper edge of one class in each bar; null where the bar has none of the class. */
export interface Layer {
  readonly name: StatusClass;
  readonly tops: readonly (number | null)[];
}

/** The layers of the stacked bars from the top to the bottom, so that each one is painted over those above it: the first class is at the bottom. */
export function stack(bars: readonly Bar[], shown: ReadonlySet<StatusClass>): readonly Layer[] {
  const heights = bars.map(() => 0);
  const layers = STATUS_CLASSES.filter((name) => shown.has(name)).map((name) => ({
    name,
    tops: bars.map(({ counts }, index) => {
      heights[index]! += counts[name];
      return counts[name] === 0 ? null : heights[index]!;
    }),
  }));
  return layers.reverse();
}

/** The index of the bar that contains a time, or of the nearest one. */
export function barAt(bars: readonly Bar[], time: number): number {
  const index = bars.findIndex(({ to }) => time < to);
  return index === -1 ? bars.length - 1 : index;
}
