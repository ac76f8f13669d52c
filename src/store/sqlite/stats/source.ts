import type { Database } from '../database.ts';
import type { Names } from '../schema/names.ts';
import type { ValuesOf } from '../sql/page-sql.ts';

/** What answers to statistics are read from. */
export interface StatsSource {
  readonly db: Database;
  readonly names: Names;
  readonly valuesOf: ValuesOf;
}
