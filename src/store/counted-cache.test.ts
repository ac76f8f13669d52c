import { expect, it } from 'vitest';
import { CountedCache } from './counted-cache.ts';

it('keeps what was used last, and counts what it gave and what gave way', () => {
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

it('holds so many characters of keys', () => {
  const cache = new CountedCache<object>({ maxCharacters: 10 });
  for (const key of ['aaaa', 'bbbb', 'cccc']) cache.set(key, {});
  expect({ size: cache.size, characters: cache.characters, evictions: cache.evictions }).toEqual({
    size: 2,
    characters: 8,
    evictions: 1,
  });
  cache.set('longer than all', {});
  expect(cache.has('longer than all')).toBe(false);
});
