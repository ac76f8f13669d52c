import type { Direction } from '../log/sort.ts';
import type { GroupKeyPart } from './dimensions.ts';
import { percentilesOf } from './durations.ts';
import { clientErrorRate, type Measures, serverErrorRate } from './measures.ts';

/** Every measure that groups can be sorted by, declared once. `KEY` sorts by the values of the dimensions only. */
const SORT_VALUES = {
  COUNT: ({ count }) => count,
  CLIENT_ERROR_COUNT: ({ clientErrorCount }) => clientErrorCount,
  SERVER_ERROR_COUNT: ({ serverErrorCount }) => serverErrorCount,
  CLIENT_ERROR_RATE: clientErrorRate,
  SERVER_ERROR_RATE: serverErrorRate,
  BILLED_UNITS: ({ billedUnits }) => billedUnits,
  DURATION_SUM: ({ durations }) => durations.sum,
  DURATION_P50: percentile(50),
  DURATION_P95: percentile(95),
  DURATION_P99: percentile(99),
  KEY: () => null,
} as const satisfies Readonly<Record<string, (measures: Measures) => number | null>>;

export type GroupMeasure = keyof typeof SORT_VALUES;
export const GROUP_MEASURES = Object.keys(SORT_VALUES) as readonly GroupMeasure[];

export interface GroupOrder {
  readonly measure: GroupMeasure;
  readonly direction: Direction;
}

export interface Group {
  /** The value of each dimension, in the order of the question. */
  readonly key: readonly GroupKeyPart[];
  readonly measures: Measures;
}

/**
 * Returns the groups in order. Groups with equal measures are in ascending order of their keys; null sorts below every
 * value. The direction of `KEY` applies to the keys.
 */
export function sortedGroups<G extends Group>(groups: readonly G[], { measure, direction }: GroupOrder): G[] {
  const sign = direction === 'asc' ? 1 : -1;
  const keySign = measure === 'KEY' ? sign : 1;
  return groups
    .map((group) => ({ group, value: SORT_VALUES[measure](group.measures) ?? Number.NEGATIVE_INFINITY }))
    .sort((a, b) =>
      a.value === b.value ? keySign * compareKeys(a.group.key, b.group.key) : sign * (a.value - b.value),
    )
    .map(({ group }) => group);
}

function compareKeys(a: readonly GroupKeyPart[], b: readonly GroupKeyPart[]): number {
  for (const [i, { value }] of a.entries()) {
    const other = b[i]!.value;
    if (value === other) continue;
    if (value === null || other === null) return value === null ? -1 : 1;
    return value < other ? -1 : 1;
  }
  return 0;
}

function percentile(percentage: number): (measures: Measures) => number | null {
  return ({ durations }) => percentilesOf(durations, [percentage])[0]!;
}
