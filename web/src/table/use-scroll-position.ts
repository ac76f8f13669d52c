import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { LogOfTable } from './use-log-pages.ts';

/**
 * Keeps the rows where they are on the screen while earlier rows are put above them, and goes to the top if the question is
 * another one.
 *
 * @param followsTop set it to true before new rows are put above: the next time, it goes to the top instead.
 */
export function useScrollPosition(
  scroller: RefObject<HTMLElement | null>,
  logs: readonly LogOfTable[],
  questionKey: unknown,
  rowHeight: number,
): { readonly followsTop: RefObject<boolean> } {
  const before = useRef({ logs, questionKey });
  const followsTop = useRef(false);
  useLayoutEffect(() => {
    const { logs: oldLogs, questionKey: oldKey } = before.current;
    before.current = { logs, questionKey };
    const element = scroller.current;
    if (element === null || oldLogs === logs) return;
    const first = oldLogs[0]?.id;
    const added = first === undefined ? 0 : logs.findIndex(({ id }) => id === first);
    if (oldKey !== questionKey || followsTop.current) element.scrollTop = 0;
    else if (added > 0) element.scrollTop += added * rowHeight;
    followsTop.current = false;
  }, [scroller, logs, questionKey, rowHeight]);
  return { followsTop };
}
