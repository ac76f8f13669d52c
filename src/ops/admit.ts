import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { RelaylogError } from '../log/errors.ts';
import { callUnderWay } from './call.ts';

/**
 * Lets so many requests of each face be under way, from the first look at them until their answer is sent or the client
 * is gone. The face of one too many refuses it at once, in its own shape, by `requireAdmission`.
 */
export function admit(maxUnderWay: number): MiddlewareHandler<{ Bindings: Partial<HttpBindings> }> {
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
      else outgoing.once('close', leave);
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
