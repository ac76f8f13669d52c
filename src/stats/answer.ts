import type { GroupKeyPart } from './dimensions.ts';
import { MeasuresRow, type MeasuresTable } from './measures-table.ts';
import type { CheckedPart } from './question.ts';

/**
 * The answer to one part of a question. The rows of the table are: all logs; then the buckets if the part has no groups; else,
 * for each group, the group and its buckets, and at last all groups that are not listed. If the part has buckets, only logs
 * within them count.
 */
export interface PartAnswer {
  readonly table: MeasuresTable;
  /** Null if the part has no groups. */
  readonly groups: {
    /** The values of each listed group, in the order of the question's dimensions. */
    readonly keys: readonly (readonly (string | null)[])[];
    /** Number of groups, including those that are not listed. */
    readonly count: number;
  } | null;
}

/** One group of an answer. */
export interface GroupAnswer {
  readonly key: readonly GroupKeyPart[];
  readonly measures: MeasuresRow;
  /** One for each bucket of the part. */
  readonly buckets: readonly MeasuresRow[];
}

/** Measures of all logs that match the filter. */
export function allMeasures({ table }: PartAnswer): MeasuresRow {
  return new MeasuresRow(table, 0);
}

/** Measures of each bucket of a part without groups. */
export function bucketMeasures({ table }: PartAnswer, part: CheckedPart): MeasuresRow[] {
  return rowsFrom(table, 1, bucketCount(part));
}

/** The listed groups. */
export function groupAnswers({ table, groups }: PartAnswer, part: CheckedPart): GroupAnswer[] {
  const buckets = bucketCount(part);
  return (groups?.keys ?? []).map((values, i) => {
    const row = 1 + i * (1 + buckets);
    return {
      key: values.map((value, place) => ({ dimension: part.groups!.by[place]!, value })),
      measures: new MeasuresRow(table, row),
      buckets: rowsFrom(table, row + 1, buckets),
    };
  });
}

/** Measures of all groups that are not listed; their count is 0 if there is none. */
export function otherMeasures({ table, groups }: PartAnswer, part: CheckedPart): MeasuresRow {
  return new MeasuresRow(table, 1 + (groups?.keys.length ?? 0) * (1 + bucketCount(part)));
}

function bucketCount({ buckets }: CheckedPart): number {
  return buckets?.ranges.length ?? 0;
}

function rowsFrom(table: MeasuresTable, row: number, count: number): MeasuresRow[] {
  return Array.from({ length: count }, (_, i) => new MeasuresRow(table, row + i));
}
