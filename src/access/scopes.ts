/** The scopes of credentials and what each allows. A request without the required scope fails with status 403. */
export const SCOPES = {
  'logs:read': 'GraphQL and the Scrip shim',
  'logs:sensitive': 'headers, bodies, IP addresses and user agents of logs; also needs `logs:read`',
  'billing:read': 'the Signa shim',
  'logs:write': 'ingest',
  admin: 'everything that the other scopes allow',
} as const;

export type Scope = keyof typeof SCOPES;
export const SCOPE_NAMES = Object.keys(SCOPES) as readonly Scope[];

export function isScope(name: string): name is Scope {
  return Object.hasOwn(SCOPES, name);
}

/** Returns the scopes that a list of names grants. Unknown names are ignored; `admin` grants all scopes. */
export function grantedScopes(names: readonly string[]): ReadonlySet<Scope> {
  return new Set(names.includes('admin') ? SCOPE_NAMES : names.filter(isScope));
}
