import type { Plan } from '../config/plans.ts';
import { RelaylogError } from '../log/errors.ts';
import { SCOPE_NAMES, type Scope } from './scopes.ts';

/** The caller: an organization, authenticated by one of its credentials. */
export interface Viewer {
  readonly organizationId: string;
  /** Client of the organization: the id of the API key, or `token/` and the subject of the token. */
  readonly clientId: string;
  readonly plan: Plan;
  readonly scopes: ReadonlySet<Scope>;
}

/**
 * Reads the credential of a request from `Authorization: Bearer`, or from `X-API-Key` if allowed. Null if none was sent;
 * empty if `Authorization` is malformed.
 *
 * @throws RelaylogError UNAUTHENTICATED if both headers contain different credentials.
 */
export function keyOf(headers: Headers, allow: { readonly xApiKey: boolean }): string | null {
  const authorization = headers.get('authorization');
  const apiKey = allow.xApiKey ? headers.get('x-api-key') : null;
  // Next to X-API-Key, Authorization can contain another scheme, meant for a proxy.
  const bearer =
    authorization === null
      ? null
      : (/^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? (apiKey === null ? '' : null));
  if (bearer !== null && apiKey !== null && bearer !== apiKey) {
    throw new RelaylogError(
      'UNAUTHENTICATED',
      'Authorization and X-API-Key contain different keys: send only one of them.',
    );
  }
  return apiKey ?? bearer;
}

/** @throws RelaylogError FORBIDDEN if the viewer does not have the scope. */
export function requireScope(viewer: Viewer, scope: Scope): void {
  if (!viewer.scopes.has(scope)) throw MISSING[scope];
}

/** One error for each scope: an answer may hold it for each row, and GraphQL reads its stack each time. */
const MISSING = Object.fromEntries(
  SCOPE_NAMES.map((scope) => [
    scope,
    new RelaylogError('FORBIDDEN', `The credential lacks the scope ${scope}.`),
  ]),
) as Record<Scope, RelaylogError>;
