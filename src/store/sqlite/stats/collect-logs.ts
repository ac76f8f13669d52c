import type { Filter } from '../../../log/filter.ts';
import type { LogScope } from '../../../log/query.ts';
import type { PartCollector, StoredValue } from '../../../stats/collector.ts';
import { DIMENSIONS, type DimensionName } from '../../../stats/dimensions.ts';
import type { Database } from '../database.ts';
import { column } from '../schema/columns.ts';
import type { Names } from '../schema/names.ts';
import { collectSql, type ValuesOf } from '../sql/page-sql.ts';
import { join, raw, type Sql } from '../sql/sql.ts';

const MEASURED: readonly Sql[] = [
  raw('hex(substr(id, 1, 6))'),
  column('statusCode'),
  column('billedUnits'),
  column('durationMs'),
];

/** Adds every log that matches a filter to the collectors, by one pass. */
export function collectLogs(
  { db, names, valuesOf }: { readonly db: Database; readonly names: Names; readonly valuesOf: ValuesOf },
  scope: LogScope,
  filter: Filter,
  collectors: readonly PartCollector[],
): void {
  const fields = [
    ...new Set(
      collectors.flatMap(({ part }) => (part.groups?.by ?? []).map((name) => DIMENSIONS[name].field)),
    ),
  ];
  const keysOf = collectors.map(({ part }) => keyReader(part.groups?.by ?? [], fields));
  const take = (
    time: string,
    status: number,
    units: number,
    duration: number,
    ...values: readonly StoredValue[]
  ) => {
    const createdAt = Number.parseInt(time, 16);
    for (let i = 0; i < collectors.length; i++) {
      const sum = collectors[i]!.sumFor(keysOf[i]!(values), createdAt);
      sum?.addLog(createdAt, status, units, duration < 0 ? null : duration);
    }
  };
  const selected = join([...MEASURED, ...fields.map((field) => column(field))], ', ');
  for (const statement of collectSql(scope, filter, selected, valuesOf, names)) {
    db.collect(statement, take as (...values: readonly StoredValue[]) => void);
  }
}

/** Returns a function that reads a group's key from the values of a row. Its result is valid until the next call. */
function keyReader(
  by: readonly DimensionName[],
  fields: readonly string[],
): (values: readonly StoredValue[]) => readonly StoredValue[] {
  const key: StoredValue[] = by.map(() => null);
  const places = by.map((name) => fields.indexOf(DIMENSIONS[name].field));
  const valuesOf = by.map((name) => DIMENSIONS[name].fromField);
  return (values) => {
    for (let i = 0; i < places.length; i++) key[i] = valuesOf[i]!(values[places[i]!] as StoredValue);
    return key;
  };
}
