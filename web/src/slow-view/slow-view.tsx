/** Routes by duration. */
export function SlowView() {
  return null;
}
