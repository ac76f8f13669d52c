import { SqliteStore } from './sqlite/store.ts';
import type { Store } from './store.ts';

export const DEFAULT_STORE_URL = 'sqlite:./data/relaylog.db';

export interface OpenOptions {
  /** Work in the calling thread: for commands and worker threads, which may block. */
  readonly inline?: boolean;
  /** For a thread that only inserts, and much: takes more memory for it, and leaves checks of the store to others. */
  readonly ingest?: boolean;
}

/**
 * Opens the store that a URL names: `sqlite:FILE`, with `?max_page_count=N` to bound the file; or `mongodb://…` or
 * `mongodb+srv://…`, with any option of the driver. A MongoDB server may be away at this time.
 *
 * @throws RelaylogError UNAVAILABLE where it cannot be opened; Error where the URL names no store.
 */
export async function openStore(url: string, options: OpenOptions = {}): Promise<Store> {
  if (isMongoUrl(url)) {
    // Its driver takes a while to load, which who uses SQLite should not wait for.
    const { MongoStore } = await import('./mongo/store.ts');
    return new MongoStore({ url });
  }
  const [, file, query] = /^sqlite:([^?]+)(?:\?(.*))?$/.exec(url) ?? [];
  if (file === undefined) {
    throw new Error(
      `RELAYLOG_STORE_URL must be sqlite:FILE, such as ${DEFAULT_STORE_URL}, or mongodb://HOST/DATABASE`,
    );
  }
  if (file.startsWith(':'))
    throw new Error(`RELAYLOG_STORE_URL must name a file, such as ${DEFAULT_STORE_URL}`);
  const { max_page_count: maxPages = null, ...unknown } = Object.fromEntries(new URLSearchParams(query));
  for (const name of Object.keys(unknown)) {
    throw new Error(
      `RELAYLOG_STORE_URL has the unknown option ${JSON.stringify(name)}; known is max_page_count`,
    );
  }
  if (maxPages !== null && !/^[1-9]\d{0,9}$/.test(maxPages)) {
    throw new Error('max_page_count in RELAYLOG_STORE_URL must be a positive integer: pages of 8 KiB');
  }
  return new SqliteStore({ file, maxPages: maxPages === null ? undefined : Number(maxPages), ...options });
}

export function isMongoUrl(url: string): boolean {
  return /^mongodb(?:\+srv)?:/.test(url);
}
