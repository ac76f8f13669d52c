import type { TimeRange } from './intervals.ts';

/**
 * Returns a function that finds the index of the range that holds a time; -1 if none does. It is fast for times in order.
 *
 * @param ranges in ascending order, without overlap.
 */
export function rangeFinder(ranges: readonly TimeRange[]): (time: number) => number {
  let current = 0;
  const isIn = (index: number, time: number) =>
    index < ranges.length && time >= ranges[index]!.from && time < ranges[index]!.to;
  return (time) => {
    if (isIn(current, time)) return current;
    if (isIn(current + 1, time)) return ++current;
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
