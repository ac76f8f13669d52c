import fc from 'fast-check';

/** A uniformly distributed integer from min to max. fast-check's default favours the bounds, which skews random choices. */
export function uniform(min: number, max: number) {
  return fc.noBias(fc.integer({ min, max }));
}
