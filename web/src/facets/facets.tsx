/** Values of fields with their counts. */
export function Facets() {
  return null;
}
