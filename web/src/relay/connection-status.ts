import { useSyncExternalStore } from 'react';

/** Why answers are late, if they are: the page waits and sends its requests again. */
export interface ConnectionStatus {
  readonly kind: 'ok' | 'rate-limited' | 'unavailable' | 'unreachable';
  /** The server's own words. */
  readonly message: string | null;
  /** Unix milliseconds by the browser's clock: when the page tries again. */
  readonly retryAt: number;
}

const OK: ConnectionStatus = { kind: 'ok', message: null, retryAt: 0 };
/** One status for each request that waits. */
const waiting = new Map<object, ConnectionStatus>();
const listeners = new Set<() => void>();
let current = OK;

function publish(): void {
  current = [...waiting.values()].sort((a, b) => b.retryAt - a.retryAt)[0] ?? OK;
  for (const listener of listeners) listener();
}

/** Says that a request waits. */
export function requestWaits(request: object, status: ConnectionStatus): void {
  waiting.set(request, status);
  publish();
}

/** Says that a request no longer waits. */
export function requestEnds(request: object): void {
  if (waiting.delete(request)) publish();
}

/** The status of the connection; the component is rendered again when it changes. */
export function useConnectionStatus(): ConnectionStatus {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
