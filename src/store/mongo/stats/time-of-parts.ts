import type { Filter } from '../../../log/filter.ts';
import type { LogScope } from '../../../log/query.ts';
import type { TimeRange } from '../../../stats/intervals.ts';
import type { CheckedPart } from '../../../stats/question.ts';
import { clipped } from '../../roll-ups/ranges.ts';
import { timeWindow } from '../../time-window.ts';

/** The range of time whose logs are read for any of the parts; null if no log can match. */
export function timeOfParts(
  scope: LogScope,
  filter: Filter,
  parts: readonly CheckedPart[],
): TimeRange | null {
  const { condition, ...window } = timeWindow(scope, filter);
  if (condition.op === 'false') return null;
  const ranges = clipped(
    parts.flatMap(({ buckets }) => buckets?.ranges ?? [window]),
    window,
  );
  if (ranges.length === 0) return null;
  const from = Math.min(...ranges.map((range) => range.from));
  return { from, to: Math.max(...ranges.map((range) => range.to)) };
}
