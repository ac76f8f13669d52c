import { expect, it } from 'vitest';
import { seededRandom } from '../../../test/support/seeded-random.ts';
import { HOURS_OF_DAY } from '../../lib/time-units.ts';
import { groupsForHour } from './groups-for-hour.ts';

/** The estimates of the hours of a day together, and the groups that the day has. @param groupOf the group of the nth log of an hour. */
function ofDay(logs: number, groupOf: (random: number, hour: number, nth: number) => string) {
  const random = seededRandom(1);
  const all = new Set<string>();
  let estimated = 0;
  for (let hour = 0; hour < HOURS_OF_DAY; hour++) {
    const counts = new Map<string, number>();
    for (let i = 0; i < logs; i++) {
      const group = groupOf(random(), hour, i);
      counts.set(group, (counts.get(group) ?? 0) + 1);
      all.add(group);
    }
    const withLogs = (n: number) => [...counts.values()].filter((count) => count === n).length;
    estimated += groupsForHour({
      logs,
      groups: counts.size,
      withOneLog: withLogs(1),
      withTwoLogs: withLogs(2),
    });
  }
  return { estimated, groups: all.size };
}

it.each([5, 10, 50, 278, 1_000])('estimates the groups of a day with %i logs in an hour', (logs) => {
  for (const values of [1, 8, 40, 200, 1_000]) {
    const { estimated, groups } = ofDay(logs, (random) => String(Math.floor(random * values)));
    expect(estimated / groups, `${values} values`).toBeGreaterThan(0.6);
    if (logs >= 50) expect(estimated / groups, `${values} values`).toBeLessThan(2);
  }
});

it.each([5, 50, 1_000])('counts every group of its own, with %i logs in an hour', (logs) => {
  const each = ofDay(logs, (_, hour, nth) => `${hour} ${nth}`);
  expect(each.estimated).toBe(each.groups);
  // Half of the logs have no value.
  const half = ofDay(logs, (random, hour, nth) => (random < 0.5 ? 'none' : `${hour} ${nth}`));
  expect(half.estimated / half.groups).toBeGreaterThan(0.5);
});
