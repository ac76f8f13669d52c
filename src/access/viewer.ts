import { RelaylogError } from '../log/errors.ts';
import type { KeyOwner } from '../store/store.ts';
import { hashKey, isKeyForm } from './api-key.ts';
import type { Plan, PlanTable } from './plans.ts';
import type { Scope } from './scopes.ts';

/** Who asks: always one organization, by one of its keys. */
export interface Viewer {
  readonly organizationId: string;
  readonly plan: Plan;
  readonly scopes: ReadonlySet<string>;
}

/** Finds out who asks. */
export interface Authenticator {
  /** @throws RelaylogError UNAUTHENTICATED where the key is malformed, unknown or revoked. */
  viewerOf(key: string): Promise<Viewer>;
}

export function authenticator(
  store: { findKeyOwner(hash: string): Promise<KeyOwner | null> },
  plans: PlanTable,
): Authenticator {
  return {
    async viewerOf(key) {
      const owner = isKeyForm(key) ? await store.findKeyOwner(hashKey(key)) : null;
      if (owner === null)
        throw new RelaylogError('UNAUTHENTICATED', 'The API key is malformed, unknown or revoked.');
      const { id, plan } = owner.organization;
      const known = plans.get(plan);
      if (known === undefined)
        throw new RelaylogError('UNAVAILABLE', `The plan ${plan} of organization ${id} is not configured.`);
      return { organizationId: id, plan: known, scopes: new Set(owner.key.scopes) };
    },
  };
}

/** The key of a request, from its headers: `Authorization: Bearer`, and where allowed `X-API-Key`. Null: none was sent. */
export function keyOf(headers: Headers, allow: { readonly xApiKey: boolean }): string | null {
  const authorization = headers.get('authorization');
  const apiKey = allow.xApiKey ? headers.get('x-api-key') : null;
  // Another scheme may be a proxy's own.
  const bearer =
    authorization === null
      ? null
      : (/^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? (apiKey === null ? '' : null));
  if (bearer !== null && apiKey !== null && bearer !== apiKey) {
    throw new RelaylogError(
      'UNAUTHENTICATED',
      'Authorization and X-API-Key hold different keys: send one of them.',
    );
  }
  return apiKey ?? bearer;
}

/** @throws RelaylogError FORBIDDEN */
export function requireScope(viewer: Viewer, scope: Scope): void {
  if (!viewer.scopes.has(scope))
    throw new RelaylogError('FORBIDDEN', `The API key lacks the scope ${scope}.`);
}
