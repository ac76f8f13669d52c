import { RelaylogError } from '../log/errors.ts';

/** The default time limit of a search or count, in milliseconds. */
export const READ_MS = 10_000;

/** The time budget of one read. Dispose of it when the read has ended. */
export interface ReadBudget extends Disposable {
  /** Aborts when the time is up or the client has disconnected; its reason is the RelaylogError to throw. */
  readonly signal: AbortSignal;
  /** Remaining milliseconds, at least 1. */
  msLeft(): number;
}

/**
 * @param ms the time limit of the read, in milliseconds.
 * @param client aborts when the client has disconnected.
 */
export function readBudget(ms: number, client?: AbortSignal): ReadBudget {
  const controller = new AbortController();
  const until = performance.now() + ms;
  const timer = setTimeout(() => controller.abort(queryTimeout()), ms);
  const onDisconnect = () => controller.abort(clientDisconnected());
  if (client?.aborted) onDisconnect();
  client?.addEventListener('abort', onDisconnect, { once: true });
  return {
    signal: controller.signal,
    msLeft() {
      return Math.max(1, Math.ceil(until - performance.now()));
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      client?.removeEventListener('abort', onDisconnect);
    },
  };
}

/** The error of a read that exceeded its time limit. */
export function queryTimeout(): RelaylogError {
  return new RelaylogError(
    'QUERY_TIMEOUT',
    'The query timed out: narrow its createdAt window, or also filter by requestId, apiKeyId, statusCode, routePattern or method.',
  );
}

/** The error of a read whose client has disconnected. */
export function clientDisconnected(): RelaylogError {
  return new RelaylogError('CLIENT_CLOSED_REQUEST', 'The client closed the connection.');
}
