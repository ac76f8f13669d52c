// biome-ignore-all lint/a11y/useSemanticElements: rows that are positioned by themselves cannot be those of a <table>
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type MouseEvent, useEffect, useEffectEvent, useRef } from 'react';
import { useQuestion } from '../state/question.tsx';
import type { Sort } from '../state/sort.ts';
import type { ColumnName } from './column-names.ts';
import { EmptyTable } from './empty-table.tsx';
import { GridEnd } from './grid-end.tsx';
import { GridHeader } from './grid-header.tsx';
import { LogRow, rowId } from './log-row.tsx';
import { NewLogs } from './new-logs.tsx';
import { type GridColumn, useColumns } from './use-columns.ts';
import { useCurrentRow } from './use-current-row.ts';
import { useIsNarrow } from './use-is-narrow.ts';
import type { LogPages } from './use-log-pages.ts';
import { useScrollPosition } from './use-scroll-position.ts';

/** Heights in pixels; log-table.css has the same. */
const ROW_HEIGHT = { wide: 30, narrow: 54 } as const;
const HEADER_HEIGHT = { wide: 30, narrow: 0 } as const;
/** How many rows before either end the next page is asked for. */
const AHEAD = 60;

/** The rows that are loaded. Only those on the screen are elements. */
export function LogGrid({
  pages,
  sort,
  columns: names,
  questionKey,
  onNewPage,
}: {
  readonly pages: LogPages;
  readonly sort: Sort;
  readonly columns: readonly ColumnName[];
  /** Another one: the rows answer another question. */
  readonly questionKey: unknown;
  readonly onNewPage: () => void;
}) {
  const { zone } = useQuestion();
  const { logs, hasNext } = pages;
  const shape = useIsNarrow() ? 'narrow' : 'wide';
  const height = ROW_HEIGHT[shape];
  const { columns, totalWidth } = useColumns(names);
  const grid = useRef<HTMLDivElement>(null);
  const { followsTop } = useScrollPosition(grid, logs, questionKey, height);
  const current = useCurrentRow(logs, grid, (index) => virtualizer.scrollToIndex(index));
  const virtualizer = useVirtualizer({
    count: logs.length,
    getScrollElement: () => grid.current,
    estimateSize: () => height,
    overscan: 12,
    scrollMargin: HEADER_HEIGHT[shape],
    scrollPaddingStart: HEADER_HEIGHT[shape],
    // The current row is always an element, because the grid refers to it.
    rangeExtractor: (range) => withCurrent(range, current.index),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: heights change with the shape
  useEffect(() => virtualizer.measure(), [height]);
  useLoadAhead(pages, virtualizer.range);
  const onClick = (event: MouseEvent) => {
    const row = (event.target as Element).closest<HTMLElement>('[data-index]');
    if (row !== null && getSelection()?.isCollapsed !== false) current.open(Number(row.dataset.index));
  };
  return (
    <>
      <NewLogs
        pages={pages}
        sort={sort}
        onLoad={() => {
          followsTop.current = true;
        }}
        onLoaded={onNewPage}
      />
      {logs.length === 0 && !hasNext ? (
        <EmptyTable />
      ) : (
        // biome-ignore lint/a11y/useKeyWithClickEvents: keys are bound for the whole page
        <div
          ref={grid}
          className="log-grid"
          data-shape={shape}
          role="grid"
          aria-label="Requests"
          aria-rowcount={hasNext ? -1 : logs.length + 1}
          aria-activedescendant={current.index >= 0 ? rowId(logs[current.index]!) : undefined}
          tabIndex={0}
          style={shape === 'wide' ? widthsOf(columns, totalWidth) : undefined}
          onClick={onClick}
        >
          {shape === 'wide' && <GridHeader columns={columns} sort={sort} />}
          <div className="log-rows" role="rowgroup" style={{ height: logs.length * height }}>
            {virtualizer.getVirtualItems().map(({ index }) => {
              const log = logs[index];
              return (
                log && (
                  <LogRow
                    key={log.id}
                    log={log}
                    index={index}
                    height={height}
                    columns={names}
                    zone={zone}
                    isCurrent={index === current.index}
                    isOpen={log.requestId === current.openLog}
                    isNarrow={shape === 'narrow'}
                  />
                )
              );
            })}
          </div>
          <GridEnd pages={pages} isAscending={sort.direction === 'ASC'} />
        </div>
      )}
    </>
  );
}

/** The layout of the header and of each row. */
function widthsOf(columns: readonly GridColumn[], totalWidth: number): CSSProperties {
  const widths = columns.map(({ width, isElastic }) =>
    isElastic ? `minmax(${width}px, 1fr)` : `${width}px`,
  );
  return { '--log-columns': widths.join(' '), '--log-width': `${totalWidth}px` } as CSSProperties;
}

function withCurrent(range: Range, current: number): number[] {
  const indexes = defaultRangeExtractor(range);
  return current < 0 || current >= range.count || indexes.includes(current) ? indexes : [...indexes, current];
}

/** Asks for the page before or after the rows that are loaded when the user comes near to it. */
function useLoadAhead(
  pages: LogPages,
  range: { readonly startIndex: number; readonly endIndex: number } | null,
): void {
  const { logs, hasNext, hasPrevious, isLoadingNext, isLoadingPrevious, stopped, failure } = pages;
  const isNearEnd = range !== null && range.endIndex >= logs.length - AHEAD;
  const isNearStart = range !== null && range.startIndex <= AHEAD;
  const mayLoad = failure === null;
  const wantsNext = mayLoad && isNearEnd && hasNext && !isLoadingNext && stopped === null;
  const wantsPrevious = mayLoad && isNearStart && hasPrevious && !isLoadingPrevious;
  const load = useEffectEvent(() => {
    if (wantsNext) pages.loadNext();
    if (wantsPrevious) pages.loadPrevious();
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each page it is decided anew
  useEffect(() => load(), [wantsNext, wantsPrevious, logs.length]);
}
