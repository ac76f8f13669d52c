import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { defer } from '../lib/deferred.ts';
import { RelaylogError } from '../log/errors.ts';
import { callUnderWay, type Place } from '../telemetry/call.ts';

export interface AdmitLimits {
  /** Requests of one face. */
  readonly maxUnderWay: number;
  /** Of these, those of one organization. */
  readonly maxOfOrganization: number;
  /** How long a client may take to read its answer, in milliseconds; then its connection is closed. */
  readonly answerMs: number;
}

/**
 * Lets so many requests of each face be under way, from the first look at them until their answer is sent or the client
 * is gone. The face of one too many refuses it at once, in its own shape, by `requireAdmission`.
 */
export function admit({
  maxUnderWay,
  maxOfOrganization,
  answerMs,
}: AdmitLimits): MiddlewareHandler<{ Bindings: Partial<HttpBindings> }> {
  const faces = new Map<string, Face>();
  return async (c, next) => {
    const call = callUnderWay()!;
    const face = faces.get(call.face) ?? new Face(maxOfOrganization);
    faces.set(call.face, face);
    const place = face.underWay < maxUnderWay ? new CountedPlace(face) : null;
    call.admitted = place !== null;
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

/** The requests of one face that are under way. */
class Face {
  underWay = 0;
  readonly ofOrganizations = new Map<string, number>();
  readonly maxOfOrganization: number;

  constructor(maxOfOrganization: number) {
    this.maxOfOrganization = maxOfOrganization;
  }
}

class CountedPlace implements Place {
  readonly #face: Face;
  #organizationId: string | null = null;

  constructor(face: Face) {
    face.underWay += 1;
    this.#face = face;
  }

  takeFor(organizationId: string): boolean {
    const { ofOrganizations, maxOfOrganization } = this.#face;
    const count = ofOrganizations.get(organizationId) ?? 0;
    if (count >= maxOfOrganization) return false;
    ofOrganizations.set(organizationId, count + 1);
    this.#organizationId = organizationId;
    return true;
  }

  leave(): void {
    this.#face.underWay -= 1;
    if (this.#organizationId === null) return;
    const { ofOrganizations } = this.#face;
    const left = ofOrganizations.get(this.#organizationId)! - 1;
    if (left === 0) ofOrganizations.delete(this.#organizationId);
    else ofOrganizations.set(this.#organizationId, left);
  }
}

/** @throws RelaylogError UNAVAILABLE where the face already has as many requests as it can serve. */
export function requireAdmission(): void {
  if (callUnderWay()?.admitted === false) throw full('Too many requests are under way');
}

/** As soon as it is known who asks. @throws RelaylogError UNAVAILABLE where the organization has all that it may have. */
export function requireAdmissionOf(organizationId: string): void {
  if (callUnderWay()?.place?.takeFor(organizationId) === false) {
    throw full('Too many requests of this organization are under way');
  }
}

function full(why: string): RelaylogError {
  return new RelaylogError('UNAVAILABLE', `${why}: try again later.`, { retryAfter: 1 });
}
