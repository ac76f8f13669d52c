/**
 * Shows another state of the page.
 *
 * @param search parameters of the URL, with or without `?`.
 * @param isNewStep whether "back" returns to the state before.
 */
export function navigate(search: string, isNewStep = true): void {
  const url = new URL(location.href);
  url.search = search;
  if (isNewStep) history.pushState(null, '', url);
  else history.replaceState(history.state, '', url);
  // What nuqs reads the URL at.
  dispatchEvent(new PopStateEvent('popstate'));
}

/** The parameters of the URL without the log that is open. */
export function searchWithoutLog(): string {
  const search = new URLSearchParams(location.search);
  search.delete('log');
  return search.toString();
}
