import type { LogField } from '../../../log/fields.ts';
import { allOf, type Filter } from '../../../log/filter.ts';
import type { LogScope } from '../../../log/query.ts';
import type { PartCollector, StoredValue } from '../../../stats/collector.ts';
import { DIMENSIONS, type DimensionName } from '../../../stats/dimensions.ts';
import type { TimeRange } from '../../../stats/intervals.ts';
import { rangeFinder } from '../../../stats/range-finder.ts';
import { mergedRanges } from '../../roll-ups/ranges.ts';
import { withinTime } from '../../time-window.ts';
import { SQLITE_PATHS } from '../access-paths.ts';
import { column, type LogColumn } from '../schema/columns.ts';
import type { TakeRow } from '../sql/collect-rows.ts';
import { collectSql } from '../sql/page-sql.ts';
import { join, raw, type Sql } from '../sql/sql.ts';
import { idsOfSearch } from '../text/text-search.ts';
import type { StatsSource } from './source.ts';

const MEASURED: readonly Sql[] = [
  raw('hex(substr(id, 1, 6))'),
  column('statusCode'),
  column('billedUnits'),
  column('durationMs'),
];

/** A collector, and the ranges of time whose logs it takes: ascending, without overlap. */
export interface LogCollector {
  readonly collector: PartCollector;
  readonly logs: readonly TimeRange[];
}

/** Adds the logs that match a filter to each collector that takes their time, by one pass. */
export function collectLogs(
  { db, names, valuesOf }: StatsSource,
  scope: LogScope,
  filter: Filter,
  collectors: readonly LogCollector[],
): void {
  const dimensions = collectors.map(({ collector }) => collector.part.groups?.by ?? []);
  const fields = [...new Set(dimensions.flat().map((name) => DIMENSIONS[name].field))];
  const keysOf = dimensions.map((by) => keyReader(by, fields));
  const takes = collectors.map(({ logs }) => rangeFinder(logs));
  const take = measuredRow(fields, (createdAt, status, units, duration, values) => {
    for (let i = 0; i < collectors.length; i++) {
      if (takes[i]!(createdAt) < 0) continue;
      const sum = collectors[i]!.collector.sumFor(keysOf[i]!(values), createdAt);
      sum?.addLog(createdAt, status, units, duration);
    }
  });
  const selected = measuredValues(fields);
  for (const range of mergedRanges(collectors.flatMap(({ logs }) => logs))) {
    const plan = SQLITE_PATHS.planFilter(scope, allOf([filter, withinTime(range)]));
    if (plan.residual.op === 'false') continue;
    const streams = valuesOf(plan);
    for (const ids of idsOfSearch({ db, names }, scope, plan, streams)) {
      for (const statement of collectSql(scope, plan, streams, selected, names, ids)) {
        db.collect(statement, take);
      }
    }
  }
}

/** The columns of the fields, then those of `MEASURED`. */
export function measuredValues(fields: readonly LogField[]): Sql {
  return join([...fields.map((field) => column(field as LogColumn)), ...MEASURED], ', ');
}

/**
 * Receives the rows of `measuredValues`.
 *
 * @param take `values` begins with those of the fields.
 */
export function measuredRow(
  { length }: readonly LogField[],
  take: (
    createdAt: number,
    statusCode: number,
    billedUnits: number,
    durationMs: number | null,
    values: readonly StoredValue[],
  ) => void,
): TakeRow {
  return (values) => {
    const duration = values[length + 3] as number;
    take(
      Number.parseInt(values[length] as string, 16),
      values[length + 1] as number,
      values[length + 2] as number,
      duration < 0 ? null : duration,
      values,
    );
  };
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
