import { type Config, loadConfig } from '../config/config.ts';
import { type OpenOptions, openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import type { AuditLog } from '../telemetry/audit.ts';

/** Opens the configured store, by default in this thread, runs the command and closes the store. */
export async function withStore<T>(
  work: (store: Store, config: Config) => Promise<T>,
  options: OpenOptions = { inline: true },
): Promise<T> {
  const config = loadConfig(process.env);
  const store = await openStore(config.RELAYLOG_STORE_URL, options);
  try {
    return await work(store, config);
  } finally {
    await store.close();
  }
}

/**
 * Like `withStore`, for commands whose changes are audited: writes a line to standard error for each key that is created or
 * revoked; `audit` writes other lines. In a terminal, where nothing collects them and the command itself says what it did,
 * there are no lines.
 */
export function withAuditedStore<T>(work: (store: Store, audit: AuditLog) => Promise<T>): Promise<T> {
  return withStore(async (store, config) => {
    if (process.stderr.isTTY) return work(store, () => undefined);
    // Loaded lazily, because commands such as `import` do not need it.
    const { audited, auditLog } = await import('../telemetry/audit.ts');
    const { createLogger } = await import('../telemetry/logger.ts');
    const logger = createLogger(config.RELAYLOG_LOG_LEVEL);
    return work(audited(store, logger), auditLog(logger));
  });
}

/** @throws Error if the organization does not exist. The message lists the existing ones. */
export async function requireOrganization(store: Store, id: string) {
  const organization = await store.findOrganization(id);
  if (organization !== null) return organization;
  const known = (await store.listOrganizations()).map((one) => one.id);
  const hint =
    known.length === 0 ? `to create it, run: relaylog orgs create ${id}` : `available: ${known.join(', ')}`;
  throw new Error(`Organization ${JSON.stringify(id)} does not exist; ${hint}`);
}
