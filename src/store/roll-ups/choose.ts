import type { StoredValue } from '../../stats/collector.ts';
import { DIMENSIONS, type DimensionName } from '../../stats/dimensions.ts';
import type { Condition } from '../condition.ts';
import { ROLL_UPS, type RollUp } from './declared.ts';
import { type KeyRange, keysWithFirst } from './group-key.ts';
import { fieldsOf } from './matches-key.ts';

/** How a part of a question is answered from a roll-up. */
export interface RollUpUse {
  readonly rollUp: RollUp;
  /** The only ranges of keys that can match; null: all keys. */
  readonly keys: readonly KeyRange[] | null;
}

/** The maximum number of ranges of keys that are read one by one. */
const MAX_RANGES = 100;

/**
 * Chooses the smallest roll-up that holds the dimensions of a part and every field of its condition; null if there is none.
 *
 * @param condition the filter without its window of time.
 * @param stored the value as the store holds it.
 */
export function chooseRollUp(
  by: readonly DimensionName[],
  condition: Condition,
  stored: (field: string, value: string | number | null) => StoredValue,
): RollUpUse | null {
  const needed = new Set<string>([...by.map((name) => DIMENSIONS[name].field), ...fieldsOf(condition)]);
  const rollUp = BY_SIZE.find((one) => {
    const fields = new Set<string>(one.by.map((name) => DIMENSIONS[name].field));
    return [...needed].every((field) => fields.has(field));
  });
  return rollUp === undefined ? null : { rollUp, keys: rangesOf(rollUp, condition, stored) };
}

const BY_SIZE = ROLL_UPS.toSorted((a, b) => a.by.length - b.by.length);

function rangesOf(
  { by }: RollUp,
  condition: Condition,
  stored: (field: string, value: string | number | null) => StoredValue,
): readonly KeyRange[] | null {
  if (by.length === 0) return null;
  const { field } = DIMENSIONS[by[0]!];
  const parts = condition.op === 'and' ? condition.parts : [condition];
  for (const part of parts) {
    if (!('field' in part) || part.field !== field) continue;
    const values =
      part.op === 'eq' ? [part.value] : part.op === 'isNull' ? [null] : part.op === 'in' ? part.values : null;
    if (values === null || values.length > MAX_RANGES) continue;
    return values.map((value) => keysWithFirst(stored(field, value), by.length));
  }
  return null;
}
