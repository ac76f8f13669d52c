import { RelaylogError } from '../log/errors.ts';

/** What a search or a count may take, in milliseconds. */
export const READ_MS = 10_000;

/** What ends one read before it is done; it is disposed of when the read has ended. */
export interface ReadBudget extends Disposable {
  /** Aborts when the time is over or nobody waits any more; its reason is the RelaylogError to throw. */
  readonly signal: AbortSignal;
  /** Milliseconds that are left, 1 or more. */
  msLeft(): number;
}

/**
 * @param ms how long the read may take.
 * @param gone aborts when nobody waits for the answer any more.
 */
export function readBudget(ms: number, gone?: AbortSignal): ReadBudget {
  const controller = new AbortController();
  const until = performance.now() + ms;
  const timer = setTimeout(() => controller.abort(queryTimeout()), ms);
  const leave = () => controller.abort(clientGone());
  if (gone?.aborted) leave();
  gone?.addEventListener('abort', leave, { once: true });
  return {
    signal: controller.signal,
    msLeft() {
      return Math.max(1, Math.ceil(until - performance.now()));
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      gone?.removeEventListener('abort', leave);
    },
  };
}

/** A read whose time is over. */
export function queryTimeout(): RelaylogError {
  return new RelaylogError(
    'QUERY_TIMEOUT',
    'The query ran out of time: narrow its createdAt window, or filter by requestId, apiKeyId, statusCode, routePattern or method as well.',
  );
}

/** A read that nobody waits for any more. */
export function clientGone(): RelaylogError {
  return new RelaylogError('CLIENT_CLOSED_REQUEST', 'The client is gone.');
}
