import { readFileSync } from 'node:fs';
import type { RequestLog } from '../../src/log/request-log.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';

/** The store of a benchmarked server, at the URL `BENCH_STORE`. If `BENCH_ROWS` names a file, pages come from its rows in memory. */
export async function benchStore(): Promise<Store> {
  const store = await openStore(process.env.BENCH_STORE!);
  const file = process.env.BENCH_ROWS;
  if (file === undefined) return store;
  const rows: RequestLog[] = JSON.parse(readFileSync(file, 'utf8'));
  return Object.assign(store, { find: async ({ limit }: { limit: number }) => rows.slice(0, limit) });
}
