import { expect, it } from 'vitest';
import { ExpiringMap } from './expiring-map.ts';

it('removes expired entries within a minute', () => {
  const map = new ExpiringMap<number>(1_000);
  for (let i = 0; i < 100; i++) map.set(`short${i}`, i, 1_000, 0);
  map.set('long', 1, 500_000, 0);
  map.set('new', 1, 70_000, 60_000);
  expect([map.size, map.get('long'), map.get('short1')]).toEqual([2, 1, undefined]);
});

it('never exceeds its maximum size, and removes the entry that was set longest ago', () => {
  const map = new ExpiringMap<number>(10);
  for (let i = 0; i < 1_000; i++) {
    map.set('kept', i, 1e9, i);
    map.set(`once${i}`, i, 1e9, i);
    expect(map.size).toBeLessThanOrEqual(10);
  }
  expect([map.get('kept'), map.get('once999'), map.get('once1')]).toEqual([999, 999, undefined]);
});

it('keeps removing expired entries after the clock was set back', () => {
  const map = new ExpiringMap<number>(10);
  map.set('a', 1, 1e9 + 1, 1e9);
  map.set('b', 1, 2_000, 1_000);
  map.set('c', 1, 200_000, 100_000);
  expect(map.get('b')).toBeUndefined();
});
