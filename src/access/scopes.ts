/** What a key may do; a request without the scope it needs is answered 403. */
export const SCOPES = {
  'logs:read': 'GraphQL and the Scrip shim',
  'billing:read': 'the Signa shim',
  'logs:write': 'ingest',
} as const;

export type Scope = keyof typeof SCOPES;
export const SCOPE_NAMES = Object.keys(SCOPES) as readonly Scope[];

export function isScope(name: string): name is Scope {
  return Object.hasOwn(SCOPES, name);
}
