import { STATUS_CLASSES, type StatusClass } from '../fields/status-class.ts';
import { formatDuration } from '../format/duration.ts';
import { formatNumber } from '../format/number.ts';
import type { Bar } from './bars.ts';

/** Sums of several bars. A percentile of several bars is not known. */
export function sumOf(bars: readonly Bar[]): Bar {
  const sum = (read: (bar: Bar) => number) => bars.reduce((total, bar) => total + read(bar), 0);
  const counts = Object.fromEntries(
    STATUS_CLASSES.map((name) => [name, sum((bar) => bar.counts[name])]),
  ) as Record<StatusClass, number>;
  const p95 = bars.length === 1 ? bars[0]!.p95 : null;
  return { from: bars[0]!.from, to: bars.at(-1)!.to, counts, total: sum((bar) => bar.total), p95 };
}

/** What a screen reader says for one bar, or for the bars that are selected. */
export function describeBars(
  bars: readonly Bar[],
  formatRange: (from: number, to: number) => string,
): string {
  const { from, to, counts, total, p95 } = sumOf(bars);
  const classes = STATUS_CLASSES.filter((name) => counts[name] > 0);
  return [
    `${bars.length > 1 ? 'Selected ' : ''}${formatRange(from, to)}: ${formatNumber(total)} requests`,
    ...classes.map((name) => `${formatNumber(counts[name])} with ${name}`),
    ...(p95 === null ? [] : [`95th percentile ${formatDuration(p95)}`]),
  ].join(', ');
}
