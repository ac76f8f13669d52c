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

interface Waiting {
  readonly status: ConnectionStatus;
  readonly sendNow: () => void;
}

/** The requests that wait. */
const waiting = new Map<object, Waiting>();
const listeners = new Set<() => void>();
let current = OK;

function publish(): void {
  const statuses = [...waiting.values()].map(({ status }) => status);
  current = statuses.sort((a, b) => b.retryAt - a.retryAt)[0] ?? OK;
  for (const listener of listeners) listener();
}

/** Says that a request waits. @param sendNow ends the wait. */
export function requestWaits(request: object, status: ConnectionStatus, sendNow: () => void): void {
  waiting.set(request, { status, sendNow });
  publish();
}

/** Says that a request no longer waits. */
export function requestEnds(request: object): void {
  if (waiting.delete(request)) publish();
}

/** Sends all requests that wait at once. */
export function retryNow(): void {
  for (const { sendNow } of waiting.values()) sendNow();
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
