import { expect, test } from 'vitest';
import { formatAge, formatSpan } from './duration.ts';

test.each([
  [0, '0 seconds'],
  [1_000, '1 second'],
  [119_999, '120 seconds'],
  [120_000, '2 minutes'],
  [180_499, '3 minutes'],
  [90 * 60_000, '90 minutes'],
  [7_200_000, '2 hours'],
  [3 * 86_400_000, '3 days'],
])('%i ms are %s', (ms, text) => {
  expect(formatSpan(ms)).toBe(text);
});

test.each([
  [0, 'just now'],
  [999, 'just now'],
  [1_000, '1 s ago'],
  [119_999, '119 s ago'],
  [120_000, '2 min ago'],
  [7_200_000, '2 h ago'],
  [3 * 86_400_000, '3 d ago'],
  [-5_000, 'in 5 s'],
])('%i ms before: %s', (ms, text) => {
  expect(formatAge(ms)).toBe(text);
});
