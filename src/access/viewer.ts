import { RelaylogError } from '../log/errors.ts';
import type { KeyOwner } from '../store/store.ts';
import { hashKey, isKeyForm } from './api-key.ts';
import type { Plan, PlanTable } from './plans.ts';
import { grantedBy, type Scope } from './scopes.ts';

/** Who asks: always one organization, by one of its keys. */
export interface Viewer {
  readonly organizationId: string;
  readonly plan: Plan;
  readonly scopes: ReadonlySet<Scope>;
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
        throw new Error(`Organization ${id} is on plan ${plan}, which is not in the plan table`);
      return { organizationId: id, plan: known, scopes: grantedBy(owner.key.scopes) };
    },
  };
}

/** The key of a request, from its headers: `Authorization: Bearer`, and where allowed `X-API-Key`. Null: none was sent. */
export function keyOf(headers: Headers, allow: { readonly xApiKey: boolean }): string | null {
  const authorization = headers.get('authorization');
  const bearer = authorization === null ? null : (/^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '');
  const apiKey = allow.xApiKey ? headers.get('x-api-key') : null;
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
    throw new RelaylogError('FORBIDDEN', `The credential lacks the scope ${scope}.`);
}
