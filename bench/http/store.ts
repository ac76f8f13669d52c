import { readFileSync } from 'node:fs';
import type { RequestLog } from '../../src/log/request-log.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';

/** The store that a server of the benchmark asks: at `BENCH_STORE`; where `BENCH_ROWS` names a file, pages from memory. */
export async function benchStore(): Promise<Store> {
  const store = await openStore(process.env.BENCH_STORE!);
  const file = process.env.BENCH_ROWS;
  if (file === undefined) return store;
  const rows: RequestLog[] = JSON.parse(readFileSync(file, 'utf8'));
  return Object.assign(store, { find: async ({ limit }: { limit: number }) => rows.slice(0, limit) });
}
