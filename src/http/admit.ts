import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { defer } from '../lib/deferred.ts';
import { KeyedCounter } from '../lib/keyed-counter.ts';
import { RelaylogError } from '../log/errors.ts';
import { currentCall, type Permit } from '../telemetry/call.ts';

export interface AdmitLimits {
  /** Requests of one API. */
  readonly maxInFlight: number;
  /** Of these, those of one organization. */
  readonly maxOfOrganization: number;
  /** How long a client may take to read its answer, in milliseconds; then its connection is closed. */
  readonly answerMs: number;
}

/**
 * Lets so many requests of each API be in flight, from their first line until their answer, or the last of its
 * stream, is sent or the client is gone. One request too many is refused at once, in its API's own shape, by `requirePermit`.
 */
export function admit({
  maxInFlight,
  maxOfOrganization,
  answerMs,
}: AdmitLimits): MiddlewareHandler<{ Bindings: Partial<HttpBindings> }> {
  const apis = new Map<string, Api>();
  return async (c, next) => {
    const call = currentCall()!;
    const api = apis.get(call.api) ?? new Api(maxOfOrganization);
    apis.set(call.api, api);
    const permit = api.inFlight < maxInFlight ? new InFlightPermit(api) : null;
    call.hasPermit = permit !== null;
    call.permit = permit;
    const { outgoing } = c.env ?? {};
    // What was answered may still have to be sent.
    const leave = () => {
      if (outgoing === undefined || outgoing.closed) permit?.release();
      else {
        if (permit !== null) outgoing.once('close', () => permit.release());
        defer(() => closeLate(outgoing, answerMs));
      }
    };
    try {
      await next();
    } finally {
      if (call.streamEnd === null) leave();
      else call.streamEnd.then(leave);
    }
  };
}

function closeLate(outgoing: HttpBindings['outgoing'], ms: number): void {
  // Most are sent by now, and need no timer.
  if (outgoing.closed) return;
  const late = setTimeout(() => outgoing.destroy(), ms);
  outgoing.once('close', () => clearTimeout(late));
}

/** The requests of one API that are in flight. */
class Api {
  inFlight = 0;
  readonly ofOrganizations = new KeyedCounter();
  readonly maxOfOrganization: number;

  constructor(maxOfOrganization: number) {
    this.maxOfOrganization = maxOfOrganization;
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
    const { ofOrganizations, maxOfOrganization } = this.#api;
    if (ofOrganizations.of(organizationId) >= maxOfOrganization) return false;
    ofOrganizations.add(organizationId);
    this.#organizationId = organizationId;
    return true;
  }

  release(): void {
    this.#api.inFlight -= 1;
    if (this.#organizationId !== null) this.#api.ofOrganizations.remove(this.#organizationId);
  }
}

/** @throws RelaylogError UNAVAILABLE if as many requests of the API are in flight as may be. */
export function requirePermit(): void {
  if (currentCall()?.hasPermit === false) throw full('Too many requests are in flight');
}

/** As soon as the caller is known. @throws RelaylogError UNAVAILABLE if the organization has as many in flight as it may. */
export function requirePermitOf(organizationId: string): void {
  if (currentCall()?.permit?.acquireFor(organizationId) === false) {
    throw full('Too many requests of this organization are in flight');
  }
}

function full(why: string): RelaylogError {
  return new RelaylogError('UNAVAILABLE', `${why}: try again later.`, { retryAfter: 1 });
}
