import { expect, test } from 'vitest';
import { withoutConditions } from './group-filter.ts';

const RANGE = { createdAt: { gte: '2026-11-21T12:38:00.000Z' } };

test('the range of time is removed wherever it stands', () => {
  expect(withoutConditions({ ...RANGE, statusCode: { eq: 504 } }, [RANGE])).toEqual({
    statusCode: { eq: 504 },
  });
  expect(
    withoutConditions(
      { and: [{ and: [{ search: 'a' }, RANGE] }, { statusClass: { eq: '5xx' } }], statusCode: { eq: 504 } },
      [RANGE, { statusClass: { eq: '5xx' } }],
    ),
  ).toEqual({ and: [{ search: 'a' }, { statusCode: { eq: 504 } }] });
});

test('a range that the user asked for stays', () => {
  const filter = { createdAt: { gte: '2026-11-25T00:00:00.000Z' } };
  expect(withoutConditions({ and: [filter, RANGE] }, [RANGE])).toEqual(filter);
});

test('nothing remains of a filter that has the range only', () => {
  expect(withoutConditions(RANGE, [RANGE])).toEqual({});
});
