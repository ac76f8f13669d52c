import { FIELDS } from '../../log/fields.ts';
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
  const parts = (condition.op === 'and' ? condition.parts : [condition]).filter(
    (part) => 'field' in part && part.field === field,
  );
  for (const part of parts) {
    const values =
      part.op === 'eq' ? [part.value] : part.op === 'isNull' ? [null] : part.op === 'in' ? part.values : null;
    if (values === null || values.length > MAX_RANGES) continue;
    return values.map((value) => keysWithFirst(stored(field, value), by.length));
  }
  return field === 'statusCode' ? statusRange(parts) : null;
}

const { min: MIN_STATUS, max: MAX_STATUS } = FIELDS.statusCode;

/** Status codes have three digits, so their order as text is that of the numbers. */
function statusRange(parts: readonly Condition[]): readonly KeyRange[] | null {
  let [from, to]: [number, number] = [MIN_STATUS, MAX_STATUS];
  for (const part of parts) {
    if (part.op === 'gte') from = Math.max(from, Math.ceil(part.value));
    if (part.op === 'gt') from = Math.max(from, Math.floor(part.value) + 1);
    if (part.op === 'lte') to = Math.min(to, Math.floor(part.value));
    if (part.op === 'lt') to = Math.min(to, Math.ceil(part.value) - 1);
  }
  if (from === MIN_STATUS && to === MAX_STATUS) return null;
  return from > to ? [] : [{ from: `[${from}`, to: `[${to + 1}` }];
}
