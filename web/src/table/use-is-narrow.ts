import { useSyncExternalStore } from 'react';

const query = matchMedia('(max-width: 640px)');

/** Whether the screen is too narrow for columns. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => query.matches,
  );
}
