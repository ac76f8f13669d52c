import fc from 'fast-check';

/** A whole number of min to max, each as likely as any other: where the number decides, no value is an edge. */
export function uniform(min: number, max: number) {
  return fc.noBias(fc.integer({ min, max }));
}
