/** Requests over time by status class. */
export function Histogram() {
  return null;
}
