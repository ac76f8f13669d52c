import * as fc from 'fast-check';
import { Query } from 'mingo';
import { describe, expect, it } from 'vitest';
import { matches } from '../../../../test/store/matches.ts';
import { anyFilter, anyLogs } from '../../../../test/store/samples.ts';
import { toCondition } from '../../condition.ts';
import { documentFromLog } from '../documents.ts';
import { filterOf } from './filter.ts';

describe('a filter in the form of MongoDB', () => {
  it('matches what the oracle matches, as mingo reads it', () => {
    fc.assert(
      fc.property(anyFilter, anyLogs, (filter, logs) => {
        const query = new Query(filterOf(toCondition(filter)));
        for (const log of logs) expect(query.test({ ...documentFromLog(log) })).toBe(matches(filter, log));
      }),
      { numRuns: 2_000 },
    );
  });

  it('folds A-Z by classes and takes every other character as it is', () => {
    const condition = toCondition({ op: 'startsWith', field: 'path', value: '/aÉ.(*' });
    expect(filterOf(condition)).toEqual({ path: { $regex: '^/[aA]É\\.\\(\\*' } });
  });

  it('moves a bound between two milliseconds to the one that means the same', () => {
    const bound = (op: 'gt' | 'gte' | 'lt' | 'lte') =>
      filterOf(toCondition({ op, field: 'createdAt', value: 6.9 }));
    expect(bound('gt')).toEqual({ createdAt: { $gte: new Date(7) } });
    expect(bound('gte')).toEqual({ createdAt: { $gte: new Date(7) } });
    expect(bound('lt')).toEqual({ createdAt: { $lte: new Date(6) } });
    expect(bound('lte')).toEqual({ createdAt: { $lte: new Date(6) } });
  });

  it('finds no time between two milliseconds, and every other', () => {
    const equal = toCondition({ op: 'eq', field: 'createdAt', value: 6.9 });
    const other = toCondition({ op: 'ne', field: 'createdAt', value: 6.9 });
    expect(filterOf(equal)).toEqual({ createdAt: { $in: [] } });
    expect(filterOf(other)).toEqual({ createdAt: { $nin: [] } });
  });
});
