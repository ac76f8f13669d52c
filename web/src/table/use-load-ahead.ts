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
  /** Which ends of the rows the screen is near to, and of how many rows: after a page it is not known at first. */
  const [near, setNear] = useState({ count: -1, start: false, end: false });
  const onRange = useCallback(
    (first: number, last: number) => {
      const start = first <= AHEAD;
      const end = last >= count - AHEAD;
      setNear((before) =>
        before.count === count && before.start === start && before.end === end
          ? before
          : { count, start, end },
      );
    },
    [count],
  );
  const isKnown = near.count === count && failure === null;
  const wantsNext = isKnown && near.end && hasNext && !isLoadingNext && stopped === null;
  const wantsPrevious = isKnown && near.start && hasPrevious && !isLoadingPrevious;
  const load = useEffectEvent(() => {
    if (wantsNext) pages.loadNext();
    if (wantsPrevious) pages.loadPrevious();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is decided anew after each page
  useEffect(() => load(), [wantsNext, wantsPrevious, count]);
  return onRange;
}
