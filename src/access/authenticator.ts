import { RelaylogError } from '../log/errors.ts';
import type { AccessStore, Organization } from '../store/store.ts';
import { hashKey, isKeyForm } from './api-key.ts';
import { keyUses } from './key-uses.ts';
import type { PlanTable } from './plans.ts';
import { grantedBy } from './scopes.ts';
import type { Viewer } from './viewer.ts';

/** Finds out who asks. */
export interface Authenticator {
  /**
   * @param now Unix milliseconds.
   * @throws RelaylogError UNAUTHENTICATED where the credential is malformed, unknown, expired or revoked.
   */
  viewerOf(credential: string, now: number): Promise<Viewer>;
}

export interface AuthenticatorParts {
  readonly store: Pick<AccessStore, 'findKeyOwner' | 'noteKeyUse'>;
  readonly plans: PlanTable;
  /** Called with each error that kept nobody from an answer. */
  report(error: unknown): void;
}

/** Each request reads its key, so that a key which is revoked, by whatever process, is refused at its next use. */
export function authenticator({ store, plans, report }: AuthenticatorParts): Authenticator {
  const uses = keyUses(store, report);
  const viewer = ({ id, plan }: Organization, scopes: readonly string[]): Viewer => {
    const known = plans.get(plan);
    if (known === undefined)
      throw new Error(`Organization ${id} is on plan ${plan}, which is not in the plan table`);
    return { organizationId: id, plan: known, scopes: grantedBy(scopes) };
  };
  return {
    async viewerOf(credential, now) {
      const owner = isKeyForm(credential) ? await store.findKeyOwner(hashKey(credential)) : null;
      if (owner === null)
        throw new RelaylogError('UNAUTHENTICATED', 'The API key is malformed, unknown or revoked.');
      const { key, organization } = owner;
      if (key.expiresAt !== null && now >= key.expiresAt)
        throw new RelaylogError('UNAUTHENTICATED', 'The API key has expired.');
      uses.note(key, now);
      return viewer(organization, key.scopes);
    },
  };
}
