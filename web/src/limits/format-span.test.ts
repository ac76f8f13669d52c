import { expect, test } from 'vitest';
import { formatSpan } from './format-span.ts';

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
