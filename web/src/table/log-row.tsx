// biome-ignore-all lint/a11y/useSemanticElements: rows that are positioned by themselves cannot be those of a <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus; it names the current row

import { memo } from 'react';
import { formatDuration } from '../format/duration.ts';
import { formatFullTime, formatTime } from '../time/format.ts';
import { StatusBadge } from '../ui/status-badge.tsx';
import type { ColumnName } from './column-names.ts';
import { COLUMNS, SLOW_MS } from './columns.tsx';
import type { LogOfTable } from './use-log-pages.ts';

interface RowProps {
  readonly log: LogOfTable;
  readonly index: number;
  /** Height in pixels. */
  readonly height: number;
  readonly columns: readonly ColumnName[];
  readonly zone: string;
  /** Whether it is the one that keys apply to. */
  readonly isCurrent: boolean;
  /** Whether its detail is shown. */
  readonly isOpen: boolean;
  readonly isNarrow: boolean;
}

/** The id of a row's element. */
export const rowId = (log: LogOfTable): string => `log-${log.requestId}`;

/** One log. It is rendered again only if one of its properties changes, so that scrolling stays smooth. */
export const LogRow = memo(function LogRow(props: RowProps) {
  const { log, index, height, isCurrent, isOpen, isNarrow } = props;
  return (
    <div
      id={rowId(log)}
      className="log-row log-cells"
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isCurrent}
      data-index={index}
      data-open={isOpen}
      data-status={Math.floor(log.statusCode / 100)}
      style={{ top: index * height }}
    >
      {isNarrow ? <NarrowCells {...props} /> : <WideCells {...props} />}
    </div>
  );
});

function WideCells({ log, columns, zone }: RowProps) {
  return columns.map((name) => {
    const { cell, title, isNumber, isCode } = COLUMNS[name];
    return (
      <div
        key={name}
        className={isCode ? 'log-cell mono' : 'log-cell'}
        role="gridcell"
        data-number={isNumber}
        title={title?.(log, zone)}
      >
        {cell(log, zone)}
      </div>
    );
  });
}

/** Two lines for screens that are too narrow for columns. */
function NarrowCells({ log, zone }: RowProps) {
  const { createdAt, statusCode, method, path, durationMs, errorType, consumerId } = log;
  return (
    <div className="log-narrow" role="gridcell">
      <span className="line">
        <StatusBadge statusCode={statusCode} />
        <span className="log-method mono">{method}</span>
        <span className="main mono" title={path}>
          {path}
        </span>
      </span>
      <span className="line muted numbers">
        <time dateTime={createdAt} title={formatFullTime(createdAt, zone)}>
          {formatTime(createdAt, zone)}
        </time>
        <span className="main">{errorType ?? consumerId}</span>
        {typeof durationMs === 'number' && (
          <span className={durationMs >= SLOW_MS ? 'log-slow' : ''}>{formatDuration(durationMs)}</span>
        )}
      </span>
    </div>
  );
}
