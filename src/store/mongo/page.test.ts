import { describe, expect, it } from 'vitest';
import { EVERYTHING, type Filter } from '../../log/filter.ts';
import type { LogQuery } from '../../log/query.ts';
import { sampleLog } from '../conformance/samples.ts';
import { planOf } from '../plan.ts';
import { countFilter, mergedPage, pageFinds, type StreamValues } from './page.ts';

const time = (ms: number) => new Date(ms);

function findsOf(query: Partial<LogQuery>, values: StreamValues = null) {
  const whole = queryOf(query);
  return pageFinds(whole, planOf(whole), values);
}

function queryOf(query: Partial<LogQuery>): LogQuery {
  return {
    scope: { organizationId: 'acme', visibleFrom: null },
    filter: EVERYTHING,
    sort: 'createdAt',
    direction: 'desc',
    limit: 50,
    ...query,
  };
}

describe('a page as finds', () => {
  it('is one find in the order of its index, whose name it hints', () => {
    expect(findsOf({})).toEqual([
      {
        filter: { $and: [{ organizationId: 'acme' }] },
        sort: { createdAt: -1, _id: -1 },
        hint: 'newest',
        limit: 50,
      },
    ]);
  });

  it('goes on after a place by a bound and, beneath it, the tie-break', () => {
    const [find] = findsOf({
      sort: 'durationMs',
      direction: 'asc',
      after: { sortValue: 7, createdAt: 5, id: 'x' },
    });
    expect(find!.hint).toBe('slowest');
    expect(find!.sort).toEqual({ durationMs: 1, createdAt: 1, _id: 1 });
    expect(find!.filter).toEqual({
      $and: [
        { organizationId: 'acme' },
        { durationMs: { $gte: 7 } },
        {
          $or: [
            { durationMs: { $gt: 7 } },
            {
              $and: [
                { durationMs: 7 },
                { createdAt: { $gte: time(5) } },
                {
                  $or: [
                    { createdAt: { $gt: time(5) } },
                    { $and: [{ createdAt: time(5) }, { _id: { $gt: 'x' } }] },
                  ],
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('includes the place itself where its bound says so', () => {
    const [find] = findsOf({ before: { sortValue: 5, createdAt: 5, id: 'x', inclusive: true } });
    expect(JSON.stringify(find!.filter)).toContain('{"_id":{"$gte":"x"}}');
  });

  it('is one find for each value of a set, merged in order', () => {
    const filter: Filter = { op: 'in', field: 'statusCode', values: [404, 500] };
    const finds = findsOf({ filter, limit: 2 }, [404, 500]);
    expect(finds.map((find) => find.filter)).toEqual([
      { $and: [{ organizationId: 'acme' }, { statusCode: { $eq: 404 } }] },
      { $and: [{ organizationId: 'acme' }, { statusCode: { $eq: 500 } }] },
    ]);
    expect(finds.every(({ hint }) => hint === 'status')).toBe(true);

    const at = (createdAt: number) => sampleLog({ createdAt, requestId: `r${createdAt}` });
    const merged = mergedPage(queryOf({ limit: 3 }), [[at(9), at(4)], [], [at(7), at(5)]]);
    expect(merged.map((log) => log.createdAt)).toEqual([9, 7, 5]);
  });

  it('names the condition of a partial index, so that a server may use it', () => {
    const filter: Filter = { op: 'gte', field: 'statusCode', value: 400 };
    const [find] = findsOf({ filter });
    expect(find).toMatchObject({
      hint: 'failed',
      filter: { $and: [{ organizationId: 'acme' }, { statusCode: { $gte: 400 } }] },
    });
  });

  it('is counted by one condition, whatever its streams', () => {
    const query = queryOf({ filter: { op: 'lt', field: 'statusCode', value: 300 } });
    expect(countFilter(query, planOf(query))).toEqual({
      $and: [{ organizationId: 'acme' }, { statusCode: { $gte: 100, $lte: 299 } }],
    });
  });
});
