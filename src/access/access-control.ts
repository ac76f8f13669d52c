import { type Config, limitsAreShared } from '../config/config.ts';
import { FairShares } from '../limits/fair-shares.ts';
import { MemoryBuckets } from '../limits/memory-buckets.ts';
import { type RateLimits, rateLimits } from '../limits/rate-limits.ts';
import { defaultRates } from '../limits/rates.ts';
import { sharedBuckets } from '../limits/shared-buckets.ts';
import type { Store } from '../store/store.ts';
import { currentCall } from '../telemetry/call.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type Authenticator, authenticator } from './authenticator.ts';
import { tokenReader } from './json-web-token.ts';
import { GuardedAuthenticator } from './refused-credentials.ts';

/** What finds out who asks, and how much they may, as it is configured. */
export interface AccessControl {
  readonly authenticator: Authenticator;
  readonly limits: RateLimits;
}

/** @param report is called with each error that kept nobody from an answer. */
export function accessControl(
  config: Config,
  store: Store,
  metrics: Pick<Metrics, 'gauge'>,
  report: (error: unknown) => void,
): AccessControl {
  const readToken = config.jwt && tokenReader(config.jwt, report);
  const guarded = new GuardedAuthenticator(authenticator({ store, plans: config.plans, readToken, report }), {
    perSecond: config.RELAYLOG_REJECTED_CREDENTIALS_PER_SECOND,
    address: () => currentCall()?.address ?? null,
  });
  const buckets = new MemoryBuckets();
  const shares = new FairShares();
  const consume = limitsAreShared(config)
    ? sharedBuckets(store, buckets, report)
    : buckets.consume.bind(buckets);
  metrics.gauge(
    'relaylog_rejected_credential_addresses',
    'Addresses that lately sent credentials which were refused.',
    () => guarded.size,
  );
  metrics.gauge(
    'relaylog_rate_limit_buckets',
    'Organizations and APIs whose rate limits are counted here.',
    () => buckets.size,
  );
  metrics.gauge(
    'relaylog_rate_limit_clients',
    'Clients whose share of a rate limit is counted here.',
    () => shares.size,
  );
  return { authenticator: guarded, limits: rateLimits({ consume, shares, defaults: defaultRates(config) }) };
}
