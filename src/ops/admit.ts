import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { RelaylogError } from '../log/errors.ts';
import { callUnderWay } from './call.ts';

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
  const underWay = new Map<string, number>();
  return async (c, next) => {
    const call = callUnderWay()!;
    const taken: string[] = [];
    const take = (place: string, max: number) => {
      const count = underWay.get(place) ?? 0;
      if (count >= max) return false;
      underWay.set(place, count + 1);
      taken.push(place);
      return true;
    };
    call.admitted = take(call.face, maxUnderWay);
    if (!call.admitted) return next();
    call.admitOrganization = (id) => take(`${call.face}/${id}`, maxOfOrganization);
    const leave = () => {
      for (const place of taken) {
        const left = underWay.get(place)! - 1;
        if (left === 0) underWay.delete(place);
        else underWay.set(place, left);
      }
    };
    try {
      await next();
    } finally {
      const { outgoing } = c.env ?? {};
      if (outgoing === undefined || outgoing.closed) leave();
      else {
        const late = setTimeout(() => outgoing.destroy(), answerMs);
        outgoing.once('close', () => {
          clearTimeout(late);
          leave();
        });
      }
    }
  };
}

/** @throws RelaylogError UNAVAILABLE where the face already has as many requests as it can serve. */
export function requireAdmission(): void {
  if (callUnderWay()?.admitted === false) throw full('Too many requests are under way');
}

/** As soon as it is known who asks. @throws RelaylogError UNAVAILABLE where the organization has all that it may have. */
export function requireAdmissionOf(organizationId: string): void {
  if (callUnderWay()?.admitOrganization?.(organizationId) === false) {
    throw full('Too many requests of this organization are under way');
  }
}

function full(why: string): RelaylogError {
  return new RelaylogError('UNAVAILABLE', `${why}: try again later.`, { retryAfter: 1 });
}
