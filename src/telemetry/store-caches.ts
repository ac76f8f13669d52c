import type { StoreCaches } from '../store/store.ts';
import type { CacheName } from './metric-table.ts';
import type { Metrics } from './metrics.ts';

const LABELS: { readonly [name in keyof StoreCaches]-?: CacheName } = {
  keyOwners: 'key_owners',
  statements: 'sqlite_statements',
  names: 'sqlite_names',
};

/** Adds the caches that a store has to the metrics. */
export function registerCacheMetrics(metrics: Pick<Metrics, 'cache'>, caches: StoreCaches): void {
  for (const [name, label] of Object.entries(LABELS)) {
    const figures = caches[name as keyof StoreCaches];
    if (figures !== undefined) metrics.cache(label, figures);
  }
}
