import { AsyncLocalStorage } from 'node:async_hooks';
import type { StreamEnd } from '../telemetry/call.ts';

export interface FollowedStream {
  readonly response: Response;
  /** Settles when nothing of the stream is left to send, or nobody reads it any more. */
  readonly end: Promise<StreamEnd>;
}

/**
 * The same response, whose body says when it ends. A client that takes nothing of what is ready is given up.
 *
 * @param stallMs how long it may take nothing, in milliseconds; a stream that is silent is no stall.
 * @param report called with the error of a stream that fails.
 */
export function followStream(
  { body, status, headers }: Response,
  stallMs: number,
  report: (error: unknown) => void,
): FollowedStream {
  const { promise: end, resolve } = Promise.withResolvers<StreamEnd>();
  const reader = body!.getReader();
  // The server reads the body when the request's own work is over; what is read still belongs to the call.
  const inCall = AsyncLocalStorage.snapshot();
  let stalled: NodeJS.Timeout | undefined;
  let cancelled = false;
  const cancel = (reason: unknown) => {
    cancelled = true;
    clearTimeout(stalled);
    resolve('cancelled');
    return reader.cancel(reason);
  };
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    clearTimeout(stalled);
    try {
      const { done, value } = await reader.read();
      if (cancelled) return;
      if (done) {
        controller.close();
        resolve('completed');
        return;
      }
      controller.enqueue(value);
      stalled = setTimeout(() => {
        const reason = new Error('The client does not read on.');
        controller.error(reason);
        cancel(reason).catch(report);
      }, stallMs);
    } catch (error) {
      if (cancelled) return;
      report(error);
      controller.error(error);
      resolve('failed');
    }
  };
  const followed = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => inCall(pull, controller),
      cancel: (reason) => inCall(cancel, reason),
    },
    // Read on only when the client took what was read before.
    { highWaterMark: 0 },
  );
  return { response: new Response(followed, { status, headers }), end };
}
