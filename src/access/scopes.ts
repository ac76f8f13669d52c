/** What a key may do; a request without the scope it needs is answered 403. */
export const SCOPES = {
  'logs:read': 'GraphQL and the Scrip shim',
  'logs:sensitive': 'headers, bodies, IP addresses and user agents, where `logs:read` shows logs',
  'billing:read': 'the Signa shim',
  'logs:write': 'ingest',
  admin: 'everything that the other scopes open',
} as const;

export type Scope = keyof typeof SCOPES;
export const SCOPE_NAMES = Object.keys(SCOPES) as readonly Scope[];

export function isScope(name: string): name is Scope {
  return Object.hasOwn(SCOPES, name);
}

/** What a list of names grants; names that are no scopes grant nothing. */
export function grantedBy(names: readonly string[]): ReadonlySet<Scope> {
  return new Set(names.includes('admin') ? SCOPE_NAMES : names.filter(isScope));
}
