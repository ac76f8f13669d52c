import type { StoreCaches } from '../store/store.ts';
import type { Metrics } from './metrics.ts';

const SHOWN: { readonly [name in keyof StoreCaches]-?: readonly [metric: string, help: string] } = {
  keyOwners: ['relaylog_key_owners', 'Keys whose owner is remembered.'],
  statements: ['relaylog_sqlite_statements', 'Statements kept prepared where pages are answered.'],
  names: ['relaylog_sqlite_names', 'Names whose numbers are remembered where pages are answered.'],
};

/** Shows a store's caches in the metrics: those that it has. */
export function showCaches(metrics: Pick<Metrics, 'cache'>, caches: StoreCaches): void {
  for (const [name, [metric, help]] of Object.entries(SHOWN)) {
    const figures = caches[name as keyof StoreCaches];
    if (figures !== undefined) metrics.cache(metric, help, figures);
  }
}
