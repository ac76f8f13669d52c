import { serverClock } from '../relay/server-clock.ts';
import type { Credential } from './credentials.ts';

/** A credential that the server accepts, or a sentence that says why it does not. */
export type CheckedCredential = Credential | { readonly problem: string };

/** What the server answers; another server behind the same address can answer anything. */
interface Answer {
  readonly data?: {
    readonly viewer?: {
      readonly organizationId: string;
      readonly scopes: readonly string[];
      readonly retentionDays: number | null;
    } | null;
  } | null;
}

const PROBLEMS: Readonly<Record<number, string>> = {
  401: 'This key is malformed, unknown, expired or revoked.',
  403: 'This key may not read logs: it needs the scope logs:read.',
  429: 'The rate limit of this organization is reached. Try again in a moment.',
  503: 'The server is overloaded, or its log store is not available. Try again in a moment.',
};

/** Asks the server which organization an API key or a token belongs to, and what its plan shows. */
export async function checkCredential(token: string, signal?: AbortSignal): Promise<CheckedCredential> {
  // A header cannot carry other characters, and no key or token has them.
  if (!/^[\x21-\x7e]+$/.test(token)) return { problem: PROBLEMS[401]! };
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json',
      Authorization: `Bearer ${token}`,
    },
    body: '{"query":"{ viewer { organizationId scopes retentionDays } }"}',
    signal: signal ?? null,
  }).catch(() => null);
  if (response === null) return { problem: 'The server cannot be reached.' };
  serverClock.update(response.headers.get('date'));
  const answer: Answer | null = await response.json().catch(() => null);
  const viewer = answer?.data?.viewer;
  if (!response.ok || viewer == null) {
    return {
      problem:
        PROBLEMS[response.status] ??
        `The server answered with the status ${response.status}. Try again later.`,
    };
  }
  const { organizationId, scopes, retentionDays } = viewer;
  return scopes.includes('logs:read')
    ? { token, organizationId, retentionDays }
    : { problem: PROBLEMS[403]! };
}
