import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isVisible, type LogScope } from '../../src/log/query.ts';
import type { RequestLog } from '../../src/log/request-log.ts';
import { dimensionText, groupFilter } from '../../src/stats/dimensions.ts';
import { checkedPart } from '../../src/stats/question.ts';
import { expectMeasures, measuresOf } from './expect-measures.ts';
import { matches } from './matches.ts';
import { type ExpectedPart, expectedAnswer } from './stats-oracle.ts';
import { anyQuestion, logsInTime } from './stats-questions.ts';

const SCOPE: LogScope = { organizationId: 'acme', visibleFrom: Date.UTC(2026, 2, 1) };

it('the oracle and `src/stats` agree about groups, buckets and measures', () => {
  fc.assert(
    fc.property(logsInTime, anyQuestion, (all, question) => {
      const { filter } = question;
      const { groups, buckets } = checkedPart(question);
      const logs = all.filter(
        (log) =>
          log.organizationId === SCOPE.organizationId &&
          isVisible(SCOPE, log.createdAt) &&
          matches(filter, log),
      );
      const expectPart = (own: readonly RequestLog[], part: ExpectedPart) => {
        expectMeasures(measuresOf(own), part.logs);
        expect(part.buckets?.map(({ from, to }) => ({ from, to }))).toEqual(buckets?.ranges);
        for (const { from, to, logs } of part.buckets ?? []) {
          expectMeasures(measuresOf(own.filter((log) => log.createdAt >= from && log.createdAt < to)), logs);
        }
      };
      const expected = expectedAnswer(all, SCOPE, question);
      expectPart(logs, expected);
      for (const [values, part] of expected.groups ?? []) {
        const key = groups!.by.map((dimension) => ({
          dimension,
          value: dimensionText(dimension, part.logs[0]!),
        }));
        expect(JSON.stringify(key.map(({ value }) => value))).toBe(values);
        expectPart(
          logs.filter((log) => matches(groupFilter(key), log)),
          part,
        );
      }
    }),
    { numRuns: 60 },
  );
});
