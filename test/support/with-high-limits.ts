import { RATE_VARIABLES } from '../../src/config/rate-variables.ts';

/** The value of each rate limit in `HIGH_LIMITS`. */
export const HIGH_LIMIT = 1_000_000_000;

/** Rate limits that no test reaches by accident. */
export const HIGH_LIMITS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(RATE_VARIABLES).map((name) => [name, String(HIGH_LIMIT)]),
);
