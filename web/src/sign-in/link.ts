import { type CheckedCredential, checkCredential } from '../access/check-credential.ts';

/**
 * Takes the key of a sign-in link, `/#key=…`, out of the address bar and the history, and asks the server about it.
 *
 * @returns null if there is none.
 */
export function takeLink(): Promise<CheckedCredential> | null {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (key === null) return null;
  history.replaceState(history.state, '', location.pathname + location.search);
  return checkCredential(key);
}
