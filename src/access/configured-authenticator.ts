import type { Config } from '../config/config.ts';
import type { Store } from '../store/store.ts';
import { currentCall } from '../telemetry/call.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type Authenticator, authenticator } from './authenticator.ts';
import { tokenReader } from './json-web-token.ts';
import { GuardedAuthenticator } from './refused-credentials.ts';

/**
 * The authenticator as it is configured: API keys, JSON Web Tokens, and what an address may have refused.
 *
 * @param report called with each error that did not keep a caller from an answer.
 */
export function configuredAuthenticator(
  config: Config,
  store: Store,
  metrics: Pick<Metrics, 'gauge'>,
  report: (error: unknown) => void,
): Authenticator {
  const readToken = config.jwt && tokenReader(config.jwt, report);
  const inner = authenticator({ store, plans: config.plans, readToken, report });
  const guarded = new GuardedAuthenticator(inner, {
    perSecond: config.RELAYLOG_REJECTED_CREDENTIALS_PER_SECOND,
    address: () => currentCall()?.address ?? null,
  });
  metrics.gauge('relaylog_rejected_credential_addresses', () => guarded.size);
  return guarded;
}
