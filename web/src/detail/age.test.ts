import { expect, test } from 'vitest';
import { formatAge } from './age.ts';

test.each([
  [0, 'just now'],
  [999, 'just now'],
  [1_000, '1 s ago'],
  [119_999, '1 min ago'],
  [7_200_000, '2 h ago'],
  [3 * 86_400_000, '3 d ago'],
  [-5_000, 'in 5 s'],
])('%i ms: %s', (ms, text) => expect(formatAge(ms)).toBe(text));
