import type { FieldValue } from '../../log/filter.ts';
import type { StoredValue } from '../../stats/collector.ts';
import { DIMENSIONS } from '../../stats/dimensions.ts';
import type { RollUpUse } from './choose.ts';
import { keyValues } from './group-key.ts';
import { matchesKey } from './matches-key.ts';
import type { ChosenPart } from './part-plan.ts';

/**
 * Returns a function that finds the group of a part that a key of its roll-up belongs to; null if its logs do not match the filter.
 *
 * @param fieldValue the value of a field, from the stored one.
 */
export function keyGroups(
  { part, condition }: ChosenPart,
  { rollUp }: RollUpUse,
  fieldValue: (field: string, value: StoredValue) => FieldValue,
): (key: string) => readonly StoredValue[] | null {
  const fields = rollUp.by.map((name) => DIMENSIONS[name].field);
  const dimensions = (part.groups?.by ?? []).map((name) => DIMENSIONS[name]);
  const places = dimensions.map(({ field }) => fields.indexOf(field));
  const known = new Map<string, readonly StoredValue[] | null>();
  return (key) => {
    let group = known.get(key);
    if (group === undefined) {
      const values = keyValues(key);
      const valueIn = (field: string) => fieldValue(field, values[fields.indexOf(field as 'method')]!);
      group = matchesKey(condition, valueIn)
        ? dimensions.map(({ fromField }, i) => fromField(values[places[i]!]!))
        : null;
      known.set(key, group);
    }
    return group;
  };
}
