import type { CheckedCredential } from '../access/check-credential.ts';
import { currentCredential, signIn } from '../access/credentials.ts';
import { navigate, searchWithoutLog } from '../state/navigate.ts';

/** Signs in if the server accepts the credential. @returns why it does not; null if it does. */
export function enter(checked: CheckedCredential): string | null {
  if ('problem' in checked) return checked.problem;
  const shown = currentCredential();
  // The log that is open belongs to the organization that is shown.
  if (shown !== undefined && shown.organizationId !== checked.organizationId) {
    navigate(searchWithoutLog(), false);
  }
  signIn(checked);
  return null;
}
