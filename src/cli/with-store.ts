import { type Config, loadConfig } from '../config/config.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';

/** Runs a command on the configured store, in this thread, and closes it. */
export async function withStore<T>(work: (store: Store, config: Config) => Promise<T>): Promise<T> {
  const config = loadConfig(process.env);
  const store = await openStore(config.RELAYLOG_STORE_URL, { inline: true });
  try {
    return await work(store, config);
  } finally {
    await store.close();
  }
}

/** As `withStore`, for commands that make or revoke keys: each leaves an audit line. */
export function withAuditedStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  return withStore(async (store, config) => {
    // Loaded here, so that an import does without.
    const { audited } = await import('../telemetry/audit.ts');
    const { createLogger } = await import('../telemetry/logger.ts');
    return work(audited(store, createLogger(config.RELAYLOG_LOG_LEVEL)));
  });
}

/** @throws Error if there is no such organization, naming those that there are. */
export async function requireOrganization(store: Store, id: string) {
  const organization = await store.findOrganization(id);
  if (organization !== null) return organization;
  const known = (await store.listOrganizations()).map((one) => one.id);
  const hint =
    known.length === 0 ? `make it with: relaylog orgs create ${id}` : `known are ${known.join(', ')}`;
  throw new Error(`There is no organization ${JSON.stringify(id)}; ${hint}`);
}
