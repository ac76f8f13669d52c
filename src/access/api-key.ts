import { hash, randomBytes } from 'node:crypto';
import { ulid } from 'ulid';
import type { ApiKey } from '../store/store.ts';
import type { Scope } from './scopes.ts';

const FORM = /^rlk_[0-9A-Za-z_-]{43}$/;
const SHOWN = 8;

export interface NewApiKey {
  readonly organizationId: string;
  readonly scopes: readonly Scope[];
  /** Unix milliseconds from which on the key is refused; null: never. */
  readonly expiresAt?: number | null;
}

/** Makes a key of 256 random bits. The key itself is returned here once; the record holds only its hash. */
export function newApiKey(
  { organizationId, scopes, expiresAt = null }: NewApiKey,
  now: number,
): { key: string; record: ApiKey } {
  const key = `rlk_${randomBytes(32).toString('base64url')}`;
  const record: ApiKey = {
    id: `key_${ulid(now)}`,
    organizationId,
    prefix: key.slice(0, SHOWN),
    hash: hashKey(key),
    scopes,
    createdAt: now,
    revokedAt: null,
    expiresAt,
    lastUsedAt: null,
  };
  return { key, record };
}

/** SHA-256 in hexadecimal: enough for a key that nobody can guess. */
export function hashKey(key: string): string {
  return hash('sha256', key);
}

/** Whether the text has the form of a key; what has not is refused without asking the store. */
export function isKeyForm(text: string): boolean {
  return FORM.test(text);
}
