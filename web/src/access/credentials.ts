/** A credential in this tab, with the organization that the server said it belongs to. */
export interface Credential {
  /** An API key or a JSON Web Token. */
  readonly token: string;
  readonly organizationId: string;
  /** How many days back the plan of the organization shows logs. Null: all logs. */
  readonly retentionDays: number | null;
}

interface Stored {
  readonly credentials: readonly Credential[];
  /** Organization that is shown. Null: none. */
  readonly current: string | null;
}

const NAME = 'relaylog-credentials';
/** GraphiQL reads its key from this item. */
const GRAPHIQL_NAME = 'relaylog-api-key';
const NONE: Stored = { credentials: [], current: null };

let stored = read();
let signedOutBecause = '';
const listeners = new Set<() => void>();

function read(): Stored {
  try {
    const { credentials, current }: Stored = JSON.parse(sessionStorage.getItem(NAME) ?? 'null') ?? NONE;
    return { credentials: credentials.filter(({ token }) => typeof token === 'string'), current };
  } catch {
    return NONE;
  }
}

function write(next: Stored, reason = ''): void {
  stored = next;
  signedOutBecause = reason;
  try {
    sessionStorage.setItem(NAME, JSON.stringify(next));
    const token = currentCredential()?.token;
    if (token === undefined) sessionStorage.removeItem(GRAPHIQL_NAME);
    else sessionStorage.setItem(GRAPHIQL_NAME, token);
  } catch {
    // Storage is turned off: the credential lasts until the page is loaded again.
  }
  for (const listener of listeners) listener();
}

/** Calls the listener after each change. @returns a function that removes it. */
export function onCredentialsChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The credentials of this tab, one for each organization. The list is a new one after a change only. */
export function allCredentials(): readonly Credential[] {
  return stored.credentials;
}

/** The credential whose organization is shown; undefined if nobody is signed in. */
export function currentCredential(): Credential | undefined {
  return stored.credentials.find(({ organizationId }) => organizationId === stored.current);
}

/** Keeps the credential for this tab and shows its organization. It replaces an earlier one of the same organization. */
export function signIn(credential: Credential): void {
  const others = stored.credentials.filter(
    ({ organizationId }) => organizationId !== credential.organizationId,
  );
  write({ credentials: [...others, credential], current: credential.organizationId });
}

/** Corrects what is known of the plan of the organization that is shown. */
export function updateRetention(retentionDays: number | null): void {
  const credentials = stored.credentials.map((credential) =>
    credential.organizationId === stored.current ? { ...credential, retentionDays } : credential,
  );
  write({ ...stored, credentials });
}

/** Shows an organization that the tab has a credential of. */
export function switchTo(organizationId: string): void {
  write({ ...stored, current: organizationId });
}

/** Forgets the credential that is shown; another organization is shown if the tab has one. */
export function signOut(): void {
  const credentials = stored.credentials.filter(({ organizationId }) => organizationId !== stored.current);
  write({ credentials, current: credentials[0]?.organizationId ?? null });
}

/** Forgets a credential that the server does not accept any more, and shows no organization. */
export function rejectCredential(token: string): void {
  const credentials = stored.credentials.filter((credential) => credential.token !== token);
  if (credentials.length === stored.credentials.length) return;
  const rejected = stored.credentials.find((credential) => credential.token === token)!.organizationId;
  write(
    { credentials, current: stored.current === rejected ? null : stored.current },
    `The key of the organization ${rejected} has expired or was revoked.`,
  );
}

/** Why the page signed out by itself; empty if it did not. */
export function signOutReason(): string {
  return signedOutBecause;
}
