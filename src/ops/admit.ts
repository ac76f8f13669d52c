import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { RelaylogError } from '../log/errors.ts';
import { callUnderWay } from './call.ts';

export interface AdmitLimits {
  /** Requests of one face. */
  readonly maxUnderWay: number;
  /** How long a client may take to read its answer, in milliseconds; then its connection is closed. */
  readonly answerMs: number;
}

/**
 * Lets so many requests of each face be under way, from the first look at them until their answer is sent or the client
 * is gone. The face of one too many refuses it at once, in its own shape, by `requireAdmission`.
 */
export function admit({
  maxUnderWay,
  answerMs,
}: AdmitLimits): MiddlewareHandler<{ Bindings: Partial<HttpBindings> }> {
  const underWay = new Map<string, number>();
  return async (c, next) => {
    const call = callUnderWay()!;
    const count = underWay.get(call.face) ?? 0;
    call.admitted = count < maxUnderWay;
    if (!call.admitted) return next();
    underWay.set(call.face, count + 1);
    const leave = () => void underWay.set(call.face, underWay.get(call.face)! - 1);
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
  if (callUnderWay()?.admitted !== false) return;
  throw new RelaylogError('UNAVAILABLE', 'Too many requests are under way: try again later.', {
    retryAfter: 1,
  });
}
