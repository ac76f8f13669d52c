import { createParser } from 'nuqs';
import { readTime } from './read-time.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './units.ts';

/** Ranges that end now, by their names in URLs. */
export const RELATIVE_RANGES = {
  '15m': { label: 'Last 15 minutes', ms: 15 * MINUTE_MS },
  '1h': { label: 'Last hour', ms: HOUR_MS },
  '6h': { label: 'Last 6 hours', ms: 6 * HOUR_MS },
  '24h': { label: 'Last 24 hours', ms: DAY_MS },
  '7d': { label: 'Last 7 days', ms: 7 * DAY_MS },
  '30d': { label: 'Last 30 days', ms: 30 * DAY_MS },
  '90d': { label: 'Last 90 days', ms: 90 * DAY_MS },
} as const;

export type RelativeName = keyof typeof RELATIVE_RANGES;
/** The shortest first. */
export const RELATIVE_NAMES = Object.keys(RELATIVE_RANGES) as readonly RelativeName[];

/** A range of time as the user chose it. Times are Unix milliseconds; `to` is exclusive. */
export type TimeRange =
  | { readonly kind: 'relative'; readonly name: RelativeName }
  | { readonly kind: 'absolute'; readonly from: number; readonly to: number };

export const DEFAULT_RANGE: TimeRange = { kind: 'relative', name: '7d' };

/** The range in Unix milliseconds; `to` is exclusive. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** @param now Unix milliseconds by the server's clock. */
export function intervalOf(range: TimeRange, now: number): Interval {
  return range.kind === 'absolute'
    ? { from: range.from, to: range.to }
    : { from: now - RELATIVE_RANGES[range.name].ms, to: now };
}

/** In URLs: `24h`, or two times in ISO 8601 with a slash between them. */
export const parseAsTimeRange = createParser<TimeRange>({
  parse(text) {
    if (Object.hasOwn(RELATIVE_RANGES, text)) return { kind: 'relative', name: text as RelativeName };
    const times = text.split('/').map(readTime);
    const [from, to] = times;
    if (times.length !== 2 || from === undefined || to === undefined) return null;
    return from < to ? { kind: 'absolute', from, to } : null;
  },
  serialize: (range) =>
    range.kind === 'relative'
      ? range.name
      : `${new Date(range.from).toISOString()}/${new Date(range.to).toISOString()}`,
  eq: (a, b) => JSON.stringify(a) === JSON.stringify(b),
});

/** The shortest relative range that begins before this one; null if there is none. */
export function widerRelative({ from }: Interval, now: number): RelativeName | null {
  return RELATIVE_NAMES.find((name) => now - RELATIVE_RANGES[name].ms < from) ?? null;
}
