// biome-ignore-all lint/a11y/useSemanticElements: rows that are positioned by themselves cannot be those of a <table>
import { type CSSProperties, type MouseEvent, useCallback, useRef, useState } from 'react';
import { useQuestion } from '../state/question.tsx';
import type { Sort } from '../state/sort.ts';
import { useMediaQuery } from '../ui/use-media-query.ts';
import type { ColumnName } from './column-names.ts';
import { EmptyTable } from './empty-table.tsx';
import { GridEnd } from './grid-end.tsx';
import { GridHeader } from './grid-header.tsx';
import { GridRows, type ShowRow } from './grid-rows.tsx';
import { rowId } from './log-row.tsx';
import { NewLogs } from './new-logs.tsx';
import { type GridColumn, useColumns } from './use-columns.ts';
import { useCurrentRow } from './use-current-row.ts';
import { useLoadAhead } from './use-load-ahead.ts';
import type { LogPages } from './use-log-pages.ts';
import { useScrollPosition } from './use-scroll-position.ts';

/** A screen that is too narrow for columns. */
const NARROW = '(max-width: 640px)';
/** Heights in pixels; log-table.css has the same. */
const ROW_HEIGHT = { wide: 30, narrow: 54 } as const;
const HEADER_HEIGHT = { wide: 30, narrow: 0 } as const;

/** The rows that are loaded, with the header above them. */
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
  const shape = useMediaQuery(NARROW) ? 'narrow' : 'wide';
  const height = ROW_HEIGHT[shape];
  const { columns, totalWidth } = useColumns(names);
  const grid = useRef<HTMLDivElement>(null);
  // The rows are within the element, so they are ready before it is: on the first time, and whenever a fallback gives way to it.
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const attach = useCallback((element: HTMLDivElement | null) => {
    grid.current = element;
    setScroller(element);
  }, []);
  const { followsTop } = useScrollPosition(grid, logs, questionKey, height);
  const showRow = useRef<ShowRow>(null);
  const current = useCurrentRow(logs, grid, (index) => showRow.current?.(index));
  const onRange = useLoadAhead(pages);
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
          ref={attach}
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
          <GridRows
            logs={logs}
            scroller={scroller}
            rowHeight={height}
            headerHeight={HEADER_HEIGHT[shape]}
            currentIndex={current.index}
            openLog={current.openLog}
            columns={names}
            zone={zone}
            isNarrow={shape === 'narrow'}
            onRange={onRange}
            showRow={showRow}
          />
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
