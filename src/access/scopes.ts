/** The scopes of credentials and what each allows. A request without the required scope fails with status 403. */
export const SCOPES = {
  'logs:read': 'GraphQL and the Scrip shim',
  'logs:sensitive': 'headers, bodies, IP addresses and user agents of logs; also needs `logs:read`',
  'billing:read': 'the Signa shim, and `viewer { usage }` in GraphQL',
  'logs:write': 'ingest',
  admin: 'everything that the other scopes allow',
} as const;

export type Scope = keyof typeof SCOPES;
export const SCOPE_NAMES = Object.keys(SCOPES) as readonly Scope[];

/** What people make keys for, and the scopes that a key for it needs. */
export const KEY_PURPOSES: readonly { readonly purpose: string; readonly scopes: readonly Scope[] }[] = [
  { purpose: 'query logs with GraphQL or the Scrip shim', scopes: ['logs:read'] },
  { purpose: 'query logs and usage with the Signa shim', scopes: ['billing:read'] },
  { purpose: 'support: also see headers, bodies, IP addresses', scopes: ['logs:read', 'logs:sensitive'] },
  { purpose: 'send logs from your servers', scopes: ['logs:write'] },
];

export function isScope(name: string): name is Scope {
  return Object.hasOwn(SCOPES, name);
}

/** Returns the scopes that a list of names grants. Unknown names are ignored; `admin` grants all scopes. */
export function grantedScopes(names: readonly string[]): ReadonlySet<Scope> {
  return new Set(names.includes('admin') ? SCOPE_NAMES : names.filter(isScope));
}
