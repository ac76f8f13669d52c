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
const listeners = new Set<() => void>();
let current = OK;

/** @param status null: nothing waits. */
export function setConnectionStatus(status: ConnectionStatus | null): void {
  if (status === null && current === OK) return;
  current = status ?? OK;
  for (const listener of listeners) listener();
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
