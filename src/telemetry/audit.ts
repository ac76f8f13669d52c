import { withMethods } from '../lib/with-methods.ts';
import type { AccessStore, ApiKey, KeyOwner } from '../store/store.ts';
import type { Logger } from './logger.ts';

/** Keys whose use is remembered at most; past that, all are forgotten and their next use is told again. */
const MAX_SEEN = 100_000;

/**
 * The same store, which writes an audit line for each key that is made, revoked, or used for the first time since this
 * process started. A line names the key by its id, never by its secret or hash.
 */
export function audited<S extends AccessStore>(store: S, logger: Logger): S {
  const seen = new Set<string>();
  const tell = (event: string, fields: object) => logger.info({ audit: event, ...fields }, event);
  const methods: Pick<AccessStore, 'createKey' | 'revokeKey' | 'findKeyOwner'> = {
    async createKey(key) {
      await store.createKey(key);
      tell('key.made', { ...named(key), scopes: key.scopes });
    },
    async revokeKey(id, now) {
      const known = await store.revokeKey(id, now);
      if (known) tell('key.revoked', { keyId: id });
      return known;
    },
    async findKeyOwner(hash) {
      const owner = await store.findKeyOwner(hash);
      if (owner !== null) used(owner);
      return owner;
    },
  };

  function used({ key }: KeyOwner): void {
    if (seen.has(key.id)) return;
    if (seen.size >= MAX_SEEN) seen.clear();
    seen.add(key.id);
    tell('key.used', named(key));
  }

  return withMethods(store, (name, own) => Reflect.get(methods, name) ?? own);
}

function named({ id, organizationId }: ApiKey) {
  return { keyId: id, organizationId };
}
