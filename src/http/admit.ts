import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { defer } from '../lib/deferred.ts';
import { KeyedCounter } from '../lib/keyed-counter.ts';
import { RelaylogError } from '../log/errors.ts';
import { currentCall, type Permit } from '../telemetry/call.ts';

export interface AdmitLimits {
  /** Maximum number of requests in flight per API. */
  readonly maxInFlight: number;
  /** Maximum number of requests in flight per API and organization. */
  readonly maxInFlightPerOrganization: number;
  /** Time that a client has to read its response, in milliseconds. After it, the connection is closed. */
  readonly responseTimeoutMs: number;
}

/**
 * Middleware that limits the number of requests in flight per API. A request is in flight until its response, including a
 * stream, has been sent or the client has disconnected. `requirePermit` rejects requests above the limit, so that the error
 * has the format of the API.
 */
export function admit({
  maxInFlight,
  maxInFlightPerOrganization,
  responseTimeoutMs,
}: AdmitLimits): MiddlewareHandler<{ Bindings: Partial<HttpBindings> }> {
  const apis = new Map<string, Api>();
  return async (c, next) => {
    const call = currentCall()!;
    const api = apis.get(call.api) ?? new Api(maxInFlightPerOrganization);
    apis.set(call.api, api);
    const permit = api.inFlight < maxInFlight ? new InFlightPermit(api) : null;
    call.hasPermit = permit !== null;
    call.permit = permit;
    const { outgoing } = c.env ?? {};
    // The response may not have been sent yet; then the permit is held until the connection is done with it.
    const finish = () => {
      if (outgoing === undefined || outgoing.closed) permit?.release();
      else {
        if (permit !== null) outgoing.once('close', () => permit.release());
        defer(() => destroyAfter(outgoing, responseTimeoutMs));
      }
    };
    try {
      await next();
    } finally {
      if (call.streamEnd === null) finish();
      else call.streamEnd.then(finish);
    }
  };
}

function destroyAfter(outgoing: HttpBindings['outgoing'], ms: number): void {
  // Most responses have been sent by now and need no timer.
  if (outgoing.closed) return;
  const timer = setTimeout(() => outgoing.destroy(), ms);
  outgoing.once('close', () => clearTimeout(timer));
}

/** Counts the requests of one API that are in flight. */
class Api {
  inFlight = 0;
  readonly ofOrganizations = new KeyedCounter();
  readonly maxInFlightPerOrganization: number;

  constructor(maxInFlightPerOrganization: number) {
    this.maxInFlightPerOrganization = maxInFlightPerOrganization;
  }
}

class InFlightPermit implements Permit {
  readonly #api: Api;
  #organizationId: string | null = null;

  constructor(api: Api) {
    api.inFlight += 1;
    this.#api = api;
  }

  acquireFor(organizationId: string): boolean {
    const { ofOrganizations, maxInFlightPerOrganization } = this.#api;
    if (ofOrganizations.of(organizationId) >= maxInFlightPerOrganization) return false;
    ofOrganizations.add(organizationId);
    this.#organizationId = organizationId;
    return true;
  }

  release(): void {
    this.#api.inFlight -= 1;
    if (this.#organizationId !== null) this.#api.ofOrganizations.remove(this.#organizationId);
  }
}

/** @throws RelaylogError UNAVAILABLE if the API's limit of requests in flight is reached. */
export function requirePermit(): void {
  if (currentCall()?.hasPermit === false) throw unavailable('Too many requests are in flight');
}

/**
 * Counts the request against its organization; to be called once the caller is known.
 *
 * @throws RelaylogError UNAVAILABLE if the organization's limit of requests in flight is reached.
 */
export function requirePermitOf(organizationId: string): void {
  if (currentCall()?.permit?.acquireFor(organizationId) === false) {
    throw unavailable('Too many requests of this organization are in flight');
  }
}

function unavailable(why: string): RelaylogError {
  return new RelaylogError('UNAVAILABLE', `${why}: try again later.`, { retryAfter: 1 });
}
