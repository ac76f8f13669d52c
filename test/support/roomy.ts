import { RATE_VARIABLES } from '../../src/limits/rates.ts';

/** What each rate limit is in `ROOMY`. */
export const ROOMY_LIMIT = 1_000_000_000;

/** Rate limits that no test meets by accident. */
export const ROOMY: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(RATE_VARIABLES).map((name) => [name, String(ROOMY_LIMIT)]),
);
