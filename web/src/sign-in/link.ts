import { type CheckedCredential, checkCredential } from '../access/check-credential.ts';

/** A sign-in link, `/#key=…`, that was opened. */
export interface SignInLink {
  readonly key: string;
  readonly checked: Promise<CheckedCredential>;
}

/**
 * Takes the key of a sign-in link out of the address bar and the history, and asks the server about it.
 *
 * @returns null if there is none.
 */
export function takeLink(): SignInLink | null {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (key === null) return null;
  history.replaceState(history.state, '', location.pathname + location.search);
  return { key, checked: checkCredential(key) };
}
