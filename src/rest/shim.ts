import type { Authenticator } from '../access/authenticator.ts';
import type { Scope } from '../access/scopes.ts';
import { keyOf, requireScope, type Viewer } from '../access/viewer.ts';
import { ViewerLogs } from '../access/viewer-logs.ts';
import { requirePermit } from '../http/admit.ts';
import { respond } from '../http/respond.ts';
import { type RateLimits, requireAllowed } from '../limits/rate-limits.ts';
import type { RateState } from '../limits/rate-rule.ts';
import type { RatedApi } from '../limits/rates.ts';
import { expectedError, RelaylogError } from '../log/errors.ts';
import type { LogStore } from '../store/store.ts';
import { currentCall, recordCode } from '../telemetry/call.ts';

/** What a REST endpoint works with. */
export interface RestCall {
  readonly url: URL;
  readonly viewer: Viewer;
  readonly logs: ViewerLogs;
  /** Signs cursors. */
  readonly cursorSecret: Buffer;
  /** Unix milliseconds. */
  readonly now: number;
  /** This call's own id, with `req_`. */
  readonly requestId: string;
}

/** What a REST endpoint says: a body, or an error in the vendor's own shape. */
export interface RestAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** How a vendor's API differs from the others: who may ask, how often, and how it says no. */
export interface Vendor {
  readonly xApiKey: boolean;
  readonly scope: Scope;
  /** Whose rate limit counts its calls. */
  readonly api: RatedApi;
  /** Headers of every response. */
  headers(rate: RateState, now: number, requestId: string): Readonly<Record<string, string>>;
  error(error: RelaylogError, call: Pick<RestCall, 'url' | 'requestId'>): RestAnswer;
}

export interface ShimParts {
  readonly store: LogStore;
  readonly authenticator: Authenticator;
  readonly limits: RateLimits;
  cursorSecret(): Promise<Buffer>;
  /** Unix milliseconds. */
  now(): number;
  /** Called with each error that was not expected. */
  report(error: unknown): void;
}

/**
 * Answers one request of a vendor's API: who asks, how often, may they; then `answer`. Whatever is thrown on the way
 * comes out in the vendor's shape, with the headers that each of its responses carries.
 */
export async function shimResponse(
  request: Request,
  vendor: Vendor,
  parts: ShimParts,
  answer: (call: RestCall) => Promise<unknown>,
): Promise<Response> {
  const now = parts.now();
  const url = new URL(request.url);
  const { requestId } = currentCall()!;
  let rate = parts.limits.untouched(vendor.api, now);
  let result: RestAnswer;
  let retryAfter: number | null = null;
  try {
    requirePermit();
    const key = keyOf(request.headers, vendor);
    if (key === null) throw new RelaylogError('UNAUTHENTICATED', 'The request has no API key.');
    const viewer = await parts.authenticator.viewerOf(key, now);
    rate = await parts.limits.consume(vendor.api, viewer, 1, now);
    requireAllowed(rate);
    requireScope(viewer, vendor.scope);
    const logs = new ViewerLogs(parts.store, viewer, now);
    const cursorSecret = await parts.cursorSecret();
    result = { status: 200, body: await answer({ url, viewer, logs, cursorSecret, now, requestId }) };
  } catch (error) {
    const expected = expectedError(error, parts.report);
    recordCode(expected.code);
    retryAfter = expected.retryAfter;
    result = vendor.error(expected, { url, requestId });
  }
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    ...vendor.headers(rate, now, requestId),
  };
  if (retryAfter !== null) headers['retry-after'] = String(retryAfter);
  return respond({ status: result.status, headers, body: JSON.stringify(result.body) });
}
