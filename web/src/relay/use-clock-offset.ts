import { useSyncExternalStore } from 'react';
import { serverClock } from './server-clock.ts';

/** `serverClock.offsetMs()`; the component is rendered again when it changes. */
export function useClockOffset(): number {
  return useSyncExternalStore(serverClock.onChange, serverClock.offsetMs);
}
