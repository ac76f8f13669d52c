import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { defer } from '../lib/deferred.ts';
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
 * Lets so many requests of each API be in flight, from the first look at them until their answer is sent or the client
 * is gone. The API of one too many refuses it at once, in its own shape, by `requirePermit`.
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
    const place = api.inFlight < maxInFlight ? new InFlightPermit(api) : null;
    call.hasPermit = place !== null;
    call.place = place;
    try {
      await next();
    } finally {
      const { outgoing } = c.env ?? {};
      if (outgoing === undefined || outgoing.closed) place?.leave();
      else {
        if (place !== null) outgoing.once('close', () => place.leave());
        defer(() => closeLate(outgoing, answerMs));
      }
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
  readonly ofOrganizations = new Map<string, number>();
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
    const count = ofOrganizations.get(organizationId) ?? 0;
    if (count >= maxOfOrganization) return false;
    ofOrganizations.set(organizationId, count + 1);
    this.#organizationId = organizationId;
    return true;
  }

  leave(): void {
    this.#api.inFlight -= 1;
    if (this.#organizationId === null) return;
    const { ofOrganizations } = this.#api;
    const left = ofOrganizations.get(this.#organizationId)! - 1;
    if (left === 0) ofOrganizations.delete(this.#organizationId);
    else ofOrganizations.set(this.#organizationId, left);
  }
}

/** @throws RelaylogError UNAVAILABLE where the API already has as many requests as it can serve. */
export function requirePermit(): void {
  if (currentCall()?.hasPermit === false) throw full('Too many requests are in flight');
}

/** As soon as it is known who asks. @throws RelaylogError UNAVAILABLE where the organization has all that it may have. */
export function requirePermitOf(organizationId: string): void {
  if (currentCall()?.place?.acquireFor(organizationId) === false) {
    throw full('Too many requests of this organization are in flight');
  }
}

function full(why: string): RelaylogError {
  return new RelaylogError('UNAVAILABLE', `${why}: try again later.`, { retryAfter: 1 });
}
