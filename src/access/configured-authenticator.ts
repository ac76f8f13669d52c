import type { Config } from '../config/config.ts';
import type { JwtSettings } from '../config/jwt-settings.ts';
import type { Store } from '../store/store.ts';
import { currentCall } from '../telemetry/call.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type Authenticator, authenticator } from './authenticator.ts';
import { ThrottledAuthenticator } from './throttled-authenticator.ts';
import type { TokenReader } from './token-reader.ts';

/**
 * Creates the configured authenticator: API keys, JSON Web Tokens if configured, and the limit on rejected credentials per
 * address.
 *
 * @param report called with each error that did not fail a request.
 */
export function configuredAuthenticator(
  config: Config,
  store: Store,
  metrics: Pick<Metrics, 'gauge'>,
  report: (error: unknown) => void,
): Authenticator {
  const readToken = config.jwt && loadedTokenReader(config.jwt, report);
  const inner = authenticator({ store, plans: config.plans, readToken, report });
  const throttled = new ThrottledAuthenticator(inner, {
    perSecond: config.RELAYLOG_REJECTED_CREDENTIALS_PER_SECOND,
    address: () => currentCall()?.address ?? null,
  });
  metrics.gauge('relaylog_rejected_credential_addresses', () => throttled.size);
  return throttled;
}

/** Loads the library that verifies tokens, which servers without tokens do not need. */
function loadedTokenReader(settings: JwtSettings, report: (error: unknown) => void): TokenReader {
  const loaded = import('./json-web-token.ts').then(({ tokenReader }) => tokenReader(settings, report));
  return async (token, now) => (await loaded)(token, now);
}
