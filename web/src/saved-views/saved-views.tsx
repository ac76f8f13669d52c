/** Views that the browser keeps. */
export function SavedViews() {
  return null;
}
