import { RATE_VARIABLES } from '../../src/config/rate-variables.ts';

/** What each rate limit is in `HIGH_LIMITS`. */
export const ROOMY_LIMIT = 1_000_000_000;

/** Rate limits that no test meets by accident. */
export const HIGH_LIMITS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(RATE_VARIABLES).map((name) => [name, String(ROOMY_LIMIT)]),
);
