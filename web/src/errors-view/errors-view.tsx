/** Errors in groups. */
export function ErrorsView() {
  return null;
}
