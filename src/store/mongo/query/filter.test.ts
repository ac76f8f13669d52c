import * as fc from 'fast-check';
import { Query } from 'mingo';
import { describe, expect, it } from 'vitest';
import { matches } from '../../../../test/store/matches.ts';
import { anyFilter, anyLogs } from '../../../../test/store/samples.ts';
import { toCondition } from '../../condition.ts';
import { documentFromLog } from '../documents.ts';
import { filterOf } from './filter.ts';

const FOLDED = [
  ['Élan', 'élan'],
  ['STRASSE', 'ſtraſſe'],
  ['\u212a', 'k'],
  ['ẞ', 'ß'],
  ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
  ['𐐀', '𐐨'],
] as const;

describe('a MongoDB filter', () => {
  it('matches the same logs as the oracle when mingo evaluates it', () => {
    fc.assert(
      fc.property(anyFilter, anyLogs, (filter, logs) => {
        const query = new Query(filterOf(toCondition(filter)));
        for (const log of logs) expect(query.test({ ...documentFromLog(log) })).toBe(matches(filter, log));
      }),
      { numRuns: 2_000 },
    );
  });

  it('folds case without a flag, and matches characters without case literally', () => {
    const condition = toCondition({ op: 'startsWith', field: 'path', value: '/aÉs.(*' });
    expect(filterOf(condition)).toEqual({ path: { $regex: '^/[aA](?:é|É)(?:[sS]|ſ)\\.\\(\\*' } });
  });

  it('folds the characters that the flags iu fold', () => {
    for (const [path, value] of FOLDED) {
      const query = new Query(filterOf(toCondition({ op: 'contains', field: 'path', value })));
      expect(query.test({ path: `/v1/${path}` })).toBe(true);
      expect(query.test({ path: `/v1/${path}`.slice(0, -1) })).toBe(false);
    }
  });

  it('can be about the fields of a nested document', () => {
    fc.assert(
      fc.property(anyFilter, anyLogs, (filter, logs) => {
        const query = new Query(filterOf(toCondition(filter), 'a.b.'));
        for (const log of logs) {
          expect(query.test({ a: { b: documentFromLog(log) } })).toBe(matches(filter, log));
        }
      }),
    );
  });

  it('rounds a bound between two milliseconds to the equivalent whole millisecond', () => {
    const bound = (op: 'gt' | 'gte' | 'lt' | 'lte') =>
      filterOf(toCondition({ op, field: 'createdAt', value: 6.9 }));
    expect(bound('gt')).toEqual({ createdAt: { $gte: new Date(7) } });
    expect(bound('gte')).toEqual({ createdAt: { $gte: new Date(7) } });
    expect(bound('lt')).toEqual({ createdAt: { $lte: new Date(6) } });
    expect(bound('lte')).toEqual({ createdAt: { $lte: new Date(6) } });
  });

  it('matches no log for a time between two milliseconds, and every log for its negation', () => {
    const equal = toCondition({ op: 'eq', field: 'createdAt', value: 6.9 });
    const other = toCondition({ op: 'ne', field: 'createdAt', value: 6.9 });
    expect(filterOf(equal)).toEqual({ createdAt: { $in: [] } });
    expect(filterOf(other)).toEqual({ createdAt: { $nin: [] } });
  });
});
