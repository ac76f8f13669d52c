import { withMethods } from '../lib/with-methods.ts';
import type { AccessStore, ApiKey, KeyOwner } from '../store/store.ts';
import type { Logger } from './logger.ts';

/** Maximum number of keys whose first use is tracked. Above it, all are dropped, and their next use is logged again. */
const MAX_TRACKED_KEYS = 100_000;

/** Writes an audit line. The fields must not contain keys, hashes of keys or erased values. */
export type AuditLog = (event: AuditEvent, fields: object) => void;

type AuditEvent = 'key.created' | 'key.revoked' | 'key.used' | 'org.deleted' | 'logs.erased';

export function auditLog(logger: Logger): AuditLog {
  return (event, fields) => logger.info({ audit: event, ...fields }, event);
}

/**
 * Wraps a store and writes an audit line whenever a key is created, revoked, or used for the first time since this process
 * started. A line contains the id of the key, never the key itself or its hash.
 */
export function audited<S extends AccessStore>(store: S, logger: Logger): S {
  const seen = new Set<string>();
  const log = auditLog(logger);
  const methods: Pick<AccessStore, 'createKey' | 'revokeKey' | 'findKeyOwner'> = {
    async createKey(key) {
      await store.createKey(key);
      log('key.created', { ...keyFields(key), scopes: key.scopes });
    },
    async revokeKey(id, now) {
      const known = await store.revokeKey(id, now);
      if (known) log('key.revoked', { keyId: id });
      return known;
    },
    async findKeyOwner(hash) {
      const owner = await store.findKeyOwner(hash);
      if (owner !== null) recordUse(owner);
      return owner;
    },
  };

  function recordUse({ key }: KeyOwner): void {
    if (seen.has(key.id)) return;
    if (seen.size >= MAX_TRACKED_KEYS) seen.clear();
    seen.add(key.id);
    log('key.used', keyFields(key));
  }

  return withMethods(store, (name, own) => Reflect.get(methods, name) ?? own);
}

function keyFields({ id, organizationId }: ApiKey) {
  return { keyId: id, organizationId };
}
