import { hash, randomBytes } from 'node:crypto';
import { ulid } from 'ulid';
import type { ApiKey } from '../store/store.ts';
import type { Scope } from './scopes.ts';

const KEY_PATTERN = /^rlk_[0-9A-Za-z_-]{43}$/;
const PREFIX_LENGTH = 8;

export interface NewApiKey {
  readonly organizationId: string;
  readonly scopes: readonly Scope[];
  /** When the key expires, in Unix milliseconds. Default: null, never. */
  readonly expiresAt?: number | null;
}

/**
 * Creates an API key with 256 random bits. The record contains only the hash of the key, so the key itself cannot be shown
 * again.
 *
 * @param now Unix milliseconds.
 */
export function newApiKey(
  { organizationId, scopes, expiresAt = null }: NewApiKey,
  now: number,
): { key: string; record: ApiKey } {
  const key = `rlk_${randomBytes(32).toString('base64url')}`;
  const record: ApiKey = {
    id: `key_${ulid(now)}`,
    organizationId,
    prefix: key.slice(0, PREFIX_LENGTH),
    hash: hashKey(key),
    scopes,
    createdAt: now,
    revokedAt: null,
    expiresAt,
    lastUsedAt: null,
  };
  return { key, record };
}

/** Returns the SHA-256 hash in hexadecimal. A key has enough entropy that no slower hash is needed. */
export function hashKey(key: string): string {
  return hash('sha256', key);
}

/** Returns whether the text has the format of an API key. Any other text can be rejected without a store lookup. */
export function hasKeyFormat(text: string): boolean {
  return KEY_PATTERN.test(text);
}
