import type { Doctor } from './mongo/schema/doctor.ts';
import { DEFAULT_STORE_URL, openSqliteStore } from './sqlite/open.ts';
import type { Store } from './store.ts';

export interface OpenOptions {
  /** Work in the calling thread: for commands and worker threads, which may block. */
  readonly inline?: boolean;
  /** For a thread that only inserts, and much: takes more memory for it, and leaves checks of the store to others. */
  readonly ingest?: boolean;
}

/** A kind of store, by the scheme of its URL. */
interface StoreScheme {
  readonly schemes: readonly string[];
  /** A URL of it, for messages. */
  readonly example: string;
  open(url: string, options: OpenOptions): Promise<Store>;
  /** The URL as it may be shown: without hosts and passwords. */
  shown(url: string): string;
  /** Compares what the server holds with what Relaylog declares; null: opening the store sees to that. */
  readonly doctor: ((url: string) => Promise<Doctor>) | null;
}

const STORE_SCHEMES: readonly StoreScheme[] = [
  {
    schemes: ['sqlite'],
    example: `sqlite:FILE, such as ${DEFAULT_STORE_URL}`,
    open: async (url, options) => openSqliteStore(url, options),
    shown: (url) => url,
    doctor: null,
  },
  {
    schemes: ['mongodb', 'mongodb+srv'],
    example: 'mongodb://HOST/DATABASE',
    async open(url) {
      // Its driver takes a while to load; users of SQLite do not wait for it.
      const { MongoStore } = await import('./mongo/store.ts');
      return new MongoStore({ url });
    },
    shown: () => 'MongoDB',
    async doctor(url) {
      const { mongoDoctor } = await import('./mongo/schema/doctor.ts');
      return mongoDoctor(url);
    },
  },
];

/** The kind of store that a URL names. @throws Error for a URL that names none. */
export function storeSchemeOf(url: string): StoreScheme {
  const scheme = /^([a-z+]+):/.exec(url)?.[1] ?? '';
  const known = STORE_SCHEMES.find(({ schemes }) => schemes.includes(scheme));
  if (known !== undefined) return known;
  throw new Error(`RELAYLOG_STORE_URL must be ${STORE_SCHEMES.map(({ example }) => example).join(', or ')}`);
}

/**
 * Opens the store that a URL names: `sqlite:FILE`, with `?max_page_count=N` to bound the file; or `mongodb://…` or
 * `mongodb+srv://…`, with any option of the driver. A MongoDB server may be away at this time.
 *
 * @throws RelaylogError UNAVAILABLE if it cannot be opened; Error if the URL names no store.
 */
export async function openStore(url: string, options: OpenOptions = {}): Promise<Store> {
  return storeSchemeOf(url).open(url, options);
}
