import type { PartAnswer } from '../../src/stats/answer.ts';
import { bucketMeasures, groupAnswers } from '../../src/stats/answer.ts';
import { RELATIVE_ERROR } from '../../src/stats/duration-bins.ts';
import type { MeasuresRow } from '../../src/stats/measures-table.ts';
import type { CheckedPart } from '../../src/stats/question.ts';

const ROUNDING = 1e-9;

/**
 * Compares the answer to a part with the rows of its exact statement.
 *
 * @throws Error if a count differs, if a percentile differs by more than 1%, or if a group is missing.
 */
export function checkEqual(part: CheckedPart, answer: PartAnswer, exact: readonly unknown[][]): void {
  const expected = new Map(
    exact.map((row) => [row.slice(0, -3).join(' '), row.slice(-3) as [number, number, number[]]]),
  );
  const found = measuresByKey(part, answer);
  for (const [key, row] of found) {
    const [count, errors, percentiles] = expected.get(key) ?? [];
    requireThat(row.count === Number(count), `${key}: count ${row.count}, not ${count}`);
    requireThat(row.serverErrorCount === Number(errors), `${key}: errors ${row.serverErrorCount}`);
    for (const [i, p] of [50, 95, 99].entries()) {
      const [value, exactValue] = [row.percentile(p)!, percentiles![i]!];
      const isClose = Math.abs(value - exactValue) <= RELATIVE_ERROR * exactValue + ROUNDING;
      requireThat(row.durations.count === 0 || isClose, `${key}: p${p} ${value}, not ${exactValue}`);
    }
  }
  const listed = part.buckets === null ? Math.min(part.groups!.top, expected.size) : expected.size;
  requireThat(found.size === listed, `${found.size} groups, not ${listed}`);
}

function measuresByKey(part: CheckedPart, answer: PartAnswer): Map<string, MeasuresRow> {
  if (part.buckets === null) {
    return new Map(
      groupAnswers(answer, part).map(({ key, measures }) => [
        key.map(({ value }) => value).join(' '),
        measures,
      ]),
    );
  }
  const { ranges } = part.buckets;
  return new Map(
    part
      .groups!.keys.flatMap((key, group) =>
        bucketMeasures(answer, part, group).map(
          (measures, i) => [`${key.join(' ')} ${ranges[i]!.from / 1_000}`, measures] as const,
        ),
      )
      .filter(([, { count }]) => count > 0),
  );
}

function requireThat(isTrue: boolean, message: string): void {
  if (!isTrue) throw new Error(`The answers differ. ${message}`);
}
