import type { LogScope } from '../../../log/query.ts';
import type { FilterPlan, StreamValues } from '../../access-path.ts';
import type { KeyBound } from '../../key-bounds.ts';
import type { Database } from '../database.ts';
import type { Numbers } from './condition-sql.ts';
import { existingValuesSql } from './page-sql.ts';

/** The values of each stream of a plan: every combination of those that the filter selects, or that exist. */
export function streamsOf(
  { db, names }: { readonly db: Database; readonly names: Numbers },
  plan: FilterPlan<KeyBound>,
  scope: LogScope,
): readonly StreamValues[] {
  let streams: readonly StreamValues[] = [[]];
  for (const key of plan.streams) {
    streams = streams.flatMap((fixed) => {
      const values =
        'values' in key
          ? key.values
          : db
              .rows<[number | string]>(existingValuesSql(scope, plan, fixed, key, names))
              .map(([value]) => value);
      return values.map((value) => [
        ...fixed,
        key.field === 'timeBlock' ? Number.parseInt(String(value), 16) : value,
      ]);
    });
  }
  return streams;
}
