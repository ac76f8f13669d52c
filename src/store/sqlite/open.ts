import { type SqliteOptions, SqliteStore } from './store.ts';

export const DEFAULT_STORE_URL = 'sqlite:./data/relaylog.db';

/**
 * Opens `sqlite:FILE`, with `?max_page_count=N` to limit the size of the file.
 *
 * @throws RelaylogError UNAVAILABLE if the file cannot be opened; Error if the URL is invalid.
 */
export function openSqliteStore(url: string, options: Pick<SqliteOptions, 'inline' | 'ingest'>): SqliteStore {
  const [, file, query] = /^sqlite:([^?]+)(?:\?(.*))?$/.exec(url) ?? [];
  if (file === undefined || file.startsWith(':')) {
    throw new Error(`RELAYLOG_STORE_URL must name a file, such as ${DEFAULT_STORE_URL}`);
  }
  const { max_page_count: maxPages = null, ...unknown } = Object.fromEntries(new URLSearchParams(query));
  for (const name of Object.keys(unknown)) {
    throw new Error(
      `RELAYLOG_STORE_URL has the unknown option ${JSON.stringify(name)}; the only option is max_page_count`,
    );
  }
  if (maxPages !== null && !/^[1-9]\d{0,9}$/.test(maxPages)) {
    throw new Error(
      'max_page_count in RELAYLOG_STORE_URL must be a positive integer, the number of 8 KiB pages',
    );
  }
  return new SqliteStore({ file, maxPages: maxPages === null ? undefined : Number(maxPages), ...options });
}
