import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { focusOpenDetail, requestDetailFocus } from '../state/detail-focus.ts';
import { useUrlState } from '../state/url-state.ts';
import { useKeys } from '../ui/use-keys.ts';
import type { LogOfTable } from './use-log-pages.ts';

/** How long the keys must rest before an open detail follows them, so that a key that is held down asks for one log only. */
const FOLLOW_MS = 150;

/**
 * The row that keys apply to. If a detail is open, it follows the row.
 *
 * @param grid the element that has the focus while its rows are moved through.
 * @param show scrolls to a row.
 */
export function useCurrentRow(
  logs: readonly LogOfTable[],
  grid: React.RefObject<HTMLElement | null>,
  show: (index: number) => void,
) {
  const [{ log: openLog }, setState] = useUrlState();
  const [current, setCurrent] = useState(openLog);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const index = logs.findIndex(({ requestId }) => requestId === current);

  const goTo = (target: number) => {
    const log = logs[Math.max(0, Math.min(logs.length - 1, target))];
    if (log === undefined) return;
    setCurrent(log.requestId);
    show(logs.indexOf(log));
    clearTimeout(timer.current);
    if (openLog === null) return;
    timer.current = setTimeout(() => {
      if (document.activeElement?.closest('.log-detail')) requestDetailFocus();
      setState({ log: log.requestId }, { history: 'replace' });
    }, FOLLOW_MS);
  };
  const open = (target: number) => {
    const log = logs[target];
    if (log === undefined) return false;
    clearTimeout(timer.current);
    setCurrent(log.requestId);
    return setState({ log: log.requestId });
  };
  /** Keys that mean something else elsewhere apply to the table only if it or nothing has the focus. */
  const inTable = (action: () => unknown) => () =>
    document.activeElement === grid.current || document.activeElement === document.body ? action() : false;
  useKeys({
    j: () => goTo(index + 1),
    k: () => goTo(index - 1),
    ArrowDown: inTable(() => goTo(index + 1)),
    ArrowUp: inTable(() => goTo(index - 1)),
    g: () => goTo(0),
    G: () => goTo(logs.length - 1),
    Enter: inTable(() => {
      if (index < 0) return false;
      if (logs[index]!.requestId === openLog) return focusOpenDetail();
      requestDetailFocus();
      return open(index);
    }),
  });

  useEffect(() => () => clearTimeout(timer.current), []);
  const wasOpen = useRef(openLog);
  const onOpenLogChange = useEffectEvent((log: string | null) => {
    const hasClosed = wasOpen.current !== null && log === null;
    wasOpen.current = log;
    if (log !== null) setCurrent(log);
    if (!hasClosed) return;
    clearTimeout(timer.current);
    if (document.activeElement !== document.body) return;
    if (index >= 0) show(index);
    grid.current?.focus({ preventScroll: true });
  });
  useEffect(() => onOpenLogChange(openLog), [openLog]);
  return { index, openLog, open };
}
