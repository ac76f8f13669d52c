// biome-ignore-all lint/a11y/useSemanticElements: rows that are positioned by themselves cannot be those of a <table>
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { memo, type Ref, useEffect, useImperativeHandle } from 'react';
import type { ColumnName } from './column-names.ts';
import { LogRow } from './log-row.tsx';
import type { LogOfTable } from './use-log-pages.ts';

/** Scrolls to a row. */
export type ShowRow = (index: number) => void;

/** The rows on the screen and some around them. Scrolling renders this component again and no other, so that it is smooth. */
export const GridRows = memo(function GridRows({
  logs,
  scroller,
  rowHeight,
  headerHeight,
  currentIndex,
  openLog,
  onRange,
  showRow,
  ...row
}: {
  readonly logs: readonly LogOfTable[];
  /** Null until it is on the page. */
  readonly scroller: HTMLElement | null;
  /** Pixels. */
  readonly rowHeight: number;
  /** Pixels at the top of the scroller that the header covers. */
  readonly headerHeight: number;
  /** -1: no row is the current one. */
  readonly currentIndex: number;
  readonly openLog: string | null;
  readonly columns: readonly ColumnName[];
  readonly zone: string;
  readonly isNarrow: boolean;
  /** Called with the first and the last row on the screen. */
  readonly onRange: (first: number, last: number) => void;
  readonly showRow: Ref<ShowRow>;
}) {
  const virtualizer = useVirtualizer({
    count: logs.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: headerHeight,
    scrollPaddingStart: headerHeight,
    rangeExtractor(range) {
      const indexes = defaultRangeExtractor(range);
      // The current row is always an element, because the grid refers to it.
      const isElsewhere = currentIndex >= 0 && currentIndex < range.count && !indexes.includes(currentIndex);
      return isElsewhere ? [...indexes, currentIndex] : indexes;
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the virtualizer remembers the height that rows had before
  useEffect(() => virtualizer.measure(), [rowHeight]);
  useImperativeHandle(showRow, () => (index) => virtualizer.scrollToIndex(index), [virtualizer]);
  const { startIndex = 0, endIndex = 0 } = virtualizer.range ?? {};
  useEffect(() => onRange(startIndex, endIndex), [startIndex, endIndex, onRange]);
  return (
    <div className="log-rows" role="rowgroup" style={{ height: logs.length * rowHeight }}>
      {virtualizer.getVirtualItems().map(({ index }) => {
        const log = logs[index];
        return (
          log && (
            <LogRow
              key={log.id}
              log={log}
              index={index}
              height={rowHeight}
              isCurrent={index === currentIndex}
              isOpen={log.requestId === openLog}
              {...row}
            />
          )
        );
      })}
    </div>
  );
});
