import type { StoredValue } from '../../stats/collector.ts';
import { groupsFilter } from '../../stats/dimensions.ts';
import type { TimeRange } from '../../stats/intervals.ts';
import type { CheckedPart } from '../../stats/question.ts';
import { both, type Condition, toCondition } from '../condition.ts';
import { chooseRollUp, type RollUpUse } from './choose.ts';
import type { RollUp } from './declared.ts';
import { clipped, mergedRanges } from './ranges.ts';
import { type Coverage, type SplitTime, splitTime } from './split-time.ts';

/** A part of a question and the roll-up that can answer it. */
export interface ChosenPart {
  readonly part: CheckedPart;
  /** The filter without its window of time, and what the part's groups add to it. */
  readonly condition: Condition;
  /** Null: only the logs can answer it. */
  readonly use: RollUpUse | null;
}

/** How one part of a question is answered. */
export interface PartPlan extends ChosenPart {
  readonly time: SplitTime;
}

const NOTHING: SplitTime = { days: [], hours: new Map(), units: [], logs: [] };

/**
 * @param condition the filter without its window of time.
 * @param stored the value as the store holds it.
 */
export function chosenPart(
  part: CheckedPart,
  condition: Condition,
  stored: (field: string, value: string | number | null) => StoredValue,
): ChosenPart {
  const { groups, buckets } = part;
  // Only the logs of given groups, so that the cells of others are not read.
  const own =
    buckets === null || groups === null
      ? condition
      : both([condition, toCondition(groupsFilter(groups.by, groups.keys))]);
  return { part, condition: own, use: chooseRollUp(groups?.by ?? [], own, stored) };
}

/**
 * @param visible the range of time that can have matching logs; null if no log can match.
 * @param coverage what a roll-up holds in this range.
 */
export function partPlan(
  chosen: ChosenPart,
  visible: TimeRange | null,
  coverage: (rollUp: RollUp) => Coverage,
): PartPlan {
  const { part, use } = chosen;
  if (visible === null) return { ...chosen, use: null, time: NOTHING };
  const ranges = part.buckets === null ? [visible] : clipped(part.buckets.ranges, visible);
  const time =
    use === null ? { ...NOTHING, logs: mergedRanges(ranges) } : splitTime(ranges, coverage(use.rollUp));
  return { ...chosen, time };
}
