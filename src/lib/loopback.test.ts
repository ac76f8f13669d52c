import { expect, it } from 'vitest';
import { isLoopback } from './loopback.ts';

it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])('%s is loopback', (address) => {
  expect(isLoopback(address)).toBe(true);
});

it.each(['0.0.0.0', '::', '10.0.0.1', '::ffff:10.0.0.1', 'fe80::1'])('%s is not loopback', (address) => {
  expect(isLoopback(address)).toBe(false);
});
