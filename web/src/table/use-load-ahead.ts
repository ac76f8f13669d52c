import { useCallback, useEffect, useEffectEvent, useState } from 'react';
import type { LogPages } from './use-log-pages.ts';

/** How many rows before either end the next page is asked for. */
const AHEAD = 60;

/**
 * Asks for the page before or after the rows that are loaded when the user comes near to it.
 *
 * @returns a function that must be called with the first and the last row on the screen.
 */
export function useLoadAhead(pages: LogPages): (first: number, last: number) => void {
  const { logs, hasNext, hasPrevious, isLoadingNext, isLoadingPrevious, stopped, failure } = pages;
  const count = logs.length;
  const [near, setNear] = useState({ start: true, end: false });
  const onRange = useCallback(
    (first: number, last: number) => {
      const start = first <= AHEAD;
      const end = last >= count - AHEAD;
      setNear((before) => (before.start === start && before.end === end ? before : { start, end }));
    },
    [count],
  );
  const wantsNext = near.end && hasNext && !isLoadingNext && stopped === null && failure === null;
  const wantsPrevious = near.start && hasPrevious && !isLoadingPrevious && failure === null;
  const load = useEffectEvent(() => {
    if (wantsNext) pages.loadNext();
    if (wantsPrevious) pages.loadPrevious();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is decided anew after each page
  useEffect(() => load(), [wantsNext, wantsPrevious, count]);
  return onRange;
}
