import type { GroupKeyPart } from './dimensions.ts';
import { MeasuresRow, type MeasuresTable } from './measures-table.ts';
import type { CheckedPart } from './question.ts';

/**
 * The answer to one part of a question. The rows of the table are:
 *
 * - without buckets: all logs; if there are groups, each listed group, then all others together;
 * - with buckets: each bucket of all logs, or of each given group, one group after another.
 */
export interface PartAnswer {
  readonly table: MeasuresTable;
  /** Null if the part does not ask for the first groups in an order. */
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
}

/** Measures of all logs that match the filter, of a part without buckets. */
export function allMeasures({ table }: PartAnswer): MeasuresRow {
  return new MeasuresRow(table, 0);
}

/** The listed groups. */
export function groupAnswers({ table, groups }: PartAnswer, part: CheckedPart): GroupAnswer[] {
  return (groups?.keys ?? []).map((values, i) => ({
    key: values.map((value, place) => ({ dimension: part.groups!.by[place]!, value })),
    measures: new MeasuresRow(table, 1 + i),
  }));
}

/** Measures of all groups that are not listed; their count is 0 if there is none. */
export function otherMeasures({ table, groups }: PartAnswer): MeasuresRow {
  return new MeasuresRow(table, 1 + (groups?.keys.length ?? 0));
}

/**
 * Measures of each bucket of a part.
 *
 * @param group the index of a given group; 0 if there are none.
 */
export function bucketMeasures({ table }: PartAnswer, { buckets }: CheckedPart, group = 0): MeasuresRow[] {
  const count = buckets?.ranges.length ?? 0;
  return Array.from({ length: count }, (_, i) => new MeasuresRow(table, group * count + i));
}
