import type { Config } from '../config/config.ts';
import { defaultRates } from '../config/rate-variables.ts';
import type { Store } from '../store/store.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { FairShares } from './fair-shares.ts';
import { MemoryBuckets } from './memory-buckets.ts';
import { type RateLimits, rateLimits } from './rate-limits.ts';
import { sharedBuckets } from './shared-buckets.ts';

/**
 * Creates the configured rate limits. Buckets are in memory, or in the store if several gateways share them.
 *
 * @param report called with each error that did not fail a request.
 */
export function configuredLimits(
  config: Config,
  store: Store,
  metrics: Pick<Metrics, 'gauge'>,
  report: (error: unknown) => void,
): RateLimits {
  const buckets = new MemoryBuckets();
  const shares = new FairShares();
  const { RELAYLOG_RATE_LIMIT_BACKEND: backend } = config;
  const isShared = backend === 'store' || (backend === 'auto' && store.capabilities.isSharedByMachines);
  const consume = isShared ? sharedBuckets(store, buckets, report) : buckets.consume.bind(buckets);
  metrics.gauge('relaylog_rate_limit_buckets', () => buckets.size);
  metrics.gauge('relaylog_rate_limit_clients', () => shares.size);
  return rateLimits({ consume, shares, defaults: defaultRates(config) });
}
