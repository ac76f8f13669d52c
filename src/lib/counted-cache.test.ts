import { expect, it } from 'vitest';
import { CountedCache } from './counted-cache.ts';

it('evicts the least recently used entry, and counts hits and evictions', () => {
  const cache = new CountedCache<{ n: number }>({ max: 2 });
  for (const n of [1, 2]) cache.set(`k${n}`, { n });
  expect(cache.get('k1')).toEqual({ n: 1 });
  expect(cache.get('nothing')).toBeUndefined();
  expect(cache.get('k1', ({ n }) => n > 1)).toBeUndefined();
  cache.set('k3', { n: 3 });
  expect([cache.has('k1'), cache.has('k2'), cache.has('k3')]).toEqual([true, false, true]);
  expect({ size: cache.size, hits: cache.hits, evictions: cache.evictions }).toEqual({
    size: 2,
    hits: 1,
    evictions: 1,
  });
  cache.delete('k1');
  cache.clear();
  expect({ size: cache.size, evictions: cache.evictions }).toEqual({ size: 0, evictions: 1 });
});

it('bounds the total weight, weighing each entry when it is set', () => {
  const cache = new CountedCache<{ weight: number }>({ maxWeight: 10, weigh: ({ weight }) => weight });
  const entries = ['a', 'b', 'c'].map((key) => ({ key, value: { weight: 4 } }));
  for (const { key, value } of entries) cache.set(key, value);
  expect([cache.size, cache.weight, cache.evictions]).toEqual([2, 8, 1]);
  const c = entries[2]!.value;
  c.weight = 7;
  cache.set('c', c);
  expect([cache.size, cache.weight, cache.evictions, cache.has('c')]).toEqual([1, 7, 2, true]);
  cache.set('heavier than the limit', { weight: 11 });
  expect(cache.has('heavier than the limit')).toBe(false);
});
