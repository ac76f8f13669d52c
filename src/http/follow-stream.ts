import { AsyncLocalStorage } from 'node:async_hooks';
import type { StreamEnd } from '../telemetry/call.ts';

export interface FollowedStream {
  readonly response: Response;
  /** Settles when the stream has been sent completely, has failed, or has been cancelled. */
  readonly end: Promise<StreamEnd>;
}

/**
 * Returns the same response and a promise for the end of its body. Cancels the stream if the client stops reading.
 *
 * @param stallMs how long available data can stay unread, in milliseconds. Time in which the stream produces no data does
 * not count.
 * @param report called with the error if the stream fails.
 */
export function followStream(
  { body, status, headers }: Response,
  stallMs: number,
  report: (error: unknown) => void,
): FollowedStream {
  const { promise: end, resolve } = Promise.withResolvers<StreamEnd>();
  const reader = body!.getReader();
  // The server reads the body after the handler has returned, so the call's async context must be restored.
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
        const reason = new Error('The client stopped reading the stream.');
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
    // Read the next chunk only after the client has read the last one.
    { highWaterMark: 0 },
  );
  return { response: new Response(followed, { status, headers }), end };
}
