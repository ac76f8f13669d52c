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
  let stalled: NodeJS.Timeout | undefined;
  const followed = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(stalled);
        try {
          const { done, value } = await reader.read();
          if (done) {
            controller.close();
            resolve('completed');
            return;
          }
          controller.enqueue(value);
          stalled = setTimeout(() => {
            const reason = new Error('The client does not read on.');
            controller.error(reason);
            resolve('cancelled');
            reader.cancel(reason).catch(report);
          }, stallMs);
        } catch (error) {
          report(error);
          controller.error(error);
          resolve('failed');
        }
      },
      async cancel(reason) {
        clearTimeout(stalled);
        resolve('cancelled');
        await reader.cancel(reason);
      },
    },
    // Read on only when the client took what was read before.
    { highWaterMark: 0 },
  );
  return { response: new Response(followed, { status, headers }), end };
}
