import type { TimeRange } from './intervals.ts';

/**
 * Returns a function that finds the index of the range that holds a time; -1 if none does. It is fast for times in order.
 *
 * @param ranges in ascending order, without overlap.
 */
export function rangeFinder(ranges: readonly TimeRange[]): (time: number) => number {
  let current = 0;
  return (time) => {
    const range = ranges[current];
    if (range !== undefined && time >= range.from && time < range.to) return current;
    let [low, high] = [0, ranges.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ranges[middle]!.to <= time) low = middle + 1;
      else high = middle;
    }
    if (low === ranges.length || time < ranges[low]!.from) return -1;
    current = low;
    return low;
  };
}
