import { expect, test } from 'vitest';
import { rangeUpTo } from './range-up-to.ts';

test('the range contains the time, ends at a whole minute and has the length of the other one', () => {
  const interval = { from: 1_000, to: 61_001 };
  for (const time of [Date.UTC(2015, 4, 20, 21, 5), Date.UTC(2015, 4, 20, 21, 5, 59, 999)]) {
    expect(rangeUpTo(time, interval)).toEqual({
      kind: 'absolute',
      from: Date.UTC(2015, 4, 20, 21, 6) - 60_001,
      to: Date.UTC(2015, 4, 20, 21, 6),
    });
  }
});
