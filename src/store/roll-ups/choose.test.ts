import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches } from '../../../test/store/matches.ts';
import { anyFilter, anyLogs } from '../../../test/store/samples.ts';
import { anyStatsFilter } from '../../../test/store/stats-questions.ts';
import { DIMENSION_NAMES, DIMENSIONS } from '../../stats/dimensions.ts';
import { toCondition } from '../condition.ts';
import { chooseRollUp } from './choose.ts';
import { ROLL_UPS } from './declared.ts';
import { keyText, keyValues } from './group-key.ts';
import { fieldsOf, matchesKey } from './matches-key.ts';

const anyBy = fc.subarray([...DIMENSION_NAMES], { maxLength: 2 });
const bytes = (text: string) => Buffer.from(text);

describe('chooseRollUp', () => {
  it('takes a roll-up that tells which logs match, and every matching key is within its ranges exactly once', () => {
    fc.assert(
      fc.property(fc.oneof(anyStatsFilter, anyFilter), anyBy, anyLogs, (filter, by, logs) => {
        const condition = toCondition(filter);
        const use = chooseRollUp(by, condition, (_, value) => value);
        const needed = [...by.map((name) => DIMENSIONS[name].field), ...fieldsOf(condition)];
        const holds = (one: readonly (keyof typeof DIMENSIONS)[]) =>
          needed.every((field) => one.some((name) => DIMENSIONS[name].field === field));
        const smallest = Math.min(...ROLL_UPS.filter((one) => holds(one.by)).map((one) => one.by.length));
        if (use === null) {
          expect(smallest).toBe(Number.POSITIVE_INFINITY);
          return;
        }
        expect([holds(use.rollUp.by), use.rollUp.by.length]).toEqual([true, smallest]);
        const fields = use.rollUp.by.map((name) => DIMENSIONS[name].field);
        for (const log of logs) {
          const key = keyText(fields.map((field) => log[field]));
          expect(keyValues(key)).toEqual(fields.map((field) => log[field]));
          const isMatch = matchesKey(condition, (field) => log[field as 'method']);
          expect(isMatch).toBe(matches(filter, log));
          if (!isMatch || use.keys === null) continue;
          // Keys are compared by their bytes, as SQLite does.
          const within = use.keys.filter(
            ({ from, to }) =>
              Buffer.compare(bytes(from), bytes(key)) <= 0 && Buffer.compare(bytes(key), bytes(to)) < 0,
          );
          expect(within).toHaveLength(1);
        }
      }),
      { numRuns: 200 },
    );
  });
});
