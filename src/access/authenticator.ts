import type { PlanTable } from '../config/plans.ts';
import { RelaylogError } from '../log/errors.ts';
import type { AccessStore, Organization } from '../store/store.ts';
import { recordCaller } from '../telemetry/call.ts';
import { hashKey, hasKeyFormat } from './api-key.ts';
import { keyUses } from './key-uses.ts';
import { grantedScopes } from './scopes.ts';
import { hasTokenFormat, type TokenReader } from './token-reader.ts';
import type { Viewer } from './viewer.ts';

/** Identifies the caller by its credential. */
export interface Authenticator {
  /**
   * @param now Unix milliseconds.
   * @throws RelaylogError UNAUTHENTICATED if the credential is malformed, unknown, expired or revoked; UNAVAILABLE if it
   * cannot be verified now.
   */
  viewerOf(credential: string, now: number): Promise<Viewer>;
}

export interface AuthenticatorParts {
  readonly store: Pick<AccessStore, 'findKeyOwner' | 'recordKeyUse' | 'findOrganization'>;
  readonly plans: PlanTable;
  /** Null: only API keys are accepted. */
  readonly readToken: TokenReader | null;
  /** Called with each error that did not fail a request. */
  report(error: unknown): void;
}

/** Creates an authenticator for API keys and tokens. A key is rejected as soon as any process has revoked it. */
export function authenticator({ store, plans, readToken, report }: AuthenticatorParts): Authenticator {
  const uses = keyUses(store, report);
  const viewer = ({ id, plan }: Organization, clientId: string, scopes: readonly string[]): Viewer => {
    const known = plans.get(plan);
    if (known === undefined) {
      throw new RelaylogError('UNAVAILABLE', `The plan ${plan} of organization ${id} is not configured.`);
    }
    return { organizationId: id, clientId, plan: known, scopes: grantedScopes(scopes) };
  };
  const viewerOfKey = async (credential: string, now: number) => {
    const owner = hasKeyFormat(credential) ? await store.findKeyOwner(hashKey(credential)) : null;
    if (owner === null) throw unauthenticated('The API key is malformed, unknown or revoked.');
    const { key, organization } = owner;
    if (key.expiresAt !== null && now >= key.expiresAt) throw unauthenticated('The API key has expired.');
    uses.record(key, now);
    recordCaller(organization.id, key.id);
    return viewer(organization, key.id, key.scopes);
  };
  const viewerOfToken = async (read: TokenReader, token: string, now: number) => {
    const { organizationId, subject, scopes } = await read(token, now);
    const organization = await store.findOrganization(organizationId);
    if (organization === null) throw unauthenticated('The organization of the token is unknown.');
    recordCaller(organization.id, null);
    return viewer(organization, `token/${subject}`, scopes);
  };
  return {
    viewerOf: (credential, now) =>
      readToken !== null && hasTokenFormat(credential)
        ? viewerOfToken(readToken, credential, now)
        : viewerOfKey(credential, now),
  };
}

function unauthenticated(message: string): RelaylogError {
  return new RelaylogError('UNAUTHENTICATED', message);
}
