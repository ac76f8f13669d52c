import type { Doctor } from './mongo/schema/doctor.ts';
import { DEFAULT_STORE_URL, openSqliteStore } from './sqlite/open.ts';
import type { Store } from './store.ts';

export interface OpenOptions {
  /** Runs everything in the calling thread: for commands and worker threads, which may block. Default: false. */
  readonly inline?: boolean;
  /** For a thread that only inserts at a high rate: uses a larger cache and skips the integrity check. Default: false. */
  readonly ingest?: boolean;
}

/** A kind of store, selected by the scheme of its URL. */
interface StoreScheme {
  readonly schemes: readonly string[];
  /** An example URL, for messages. */
  readonly example: string;
  open(url: string, options: OpenOptions): Promise<Store>;
  /** The store as shown to users: without hosts and passwords. */
  shown(url: string): string;
  /** Compares the server's schema with the declared one; null if opening the store updates the schema. */
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
      // The driver loads slowly, so it is loaded only if it is needed.
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

/** Returns the kind of store of a URL. @throws Error if no store has the URL's scheme. */
export function storeSchemeOf(url: string): StoreScheme {
  const scheme = /^([a-z+]+):/.exec(url)?.[1] ?? '';
  const known = STORE_SCHEMES.find(({ schemes }) => schemes.includes(scheme));
  if (known !== undefined) return known;
  throw new Error(`RELAYLOG_STORE_URL must be ${STORE_SCHEMES.map(({ example }) => example).join(', or ')}`);
}

/**
 * Opens the store of a URL: `sqlite:FILE`, with `?max_page_count=N` to limit the size of the file, or `mongodb://…` or
 * `mongodb+srv://…` with any option of the driver. A MongoDB server does not have to be reachable yet.
 *
 * @throws RelaylogError UNAVAILABLE if the store cannot be opened; Error if the URL is invalid.
 */
export async function openStore(url: string, options: OpenOptions = {}): Promise<Store> {
  return storeSchemeOf(url).open(url, options);
}
