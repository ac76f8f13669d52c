import type { Plan } from '../config/plans.ts';
import { RelaylogError } from '../log/errors.ts';
import type { Scope } from './scopes.ts';

/** The caller: always one organization, by one of its credentials. */
export interface Viewer {
  readonly organizationId: string;
  /** Which of the organization's clients: a key's id, or whom a token is for. */
  readonly clientId: string;
  readonly plan: Plan;
  readonly scopes: ReadonlySet<Scope>;
}

/** The credential of a request, from its headers: `Authorization: Bearer`, and where allowed `X-API-Key`. Null: none was sent. */
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
    throw new RelaylogError('FORBIDDEN', `The credential lacks the scope ${scope}.`);
}
