import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { FIELD_LABELS } from '../fields/field-labels.ts';
import type { GridColumn } from './use-columns.ts';

const STEP = 16;

/** The right edge of a header: drag it, or move it by the arrow keys; a double click or Home resets the width. */
export function ColumnResizer({ column }: { readonly column: GridColumn }) {
  const { name, width, minWidth, maxWidth, setWidth, resetWidth } = column;
  const start = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { x: event.clientX, width };
  };
  const onPointerMove = (event: PointerEvent) => {
    if (start.current !== null) setWidth(start.current.width + event.clientX - start.current.x);
  };
  const onPointerEnd = () => {
    start.current = null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') setWidth(width - STEP);
    else if (event.key === 'ArrowRight') setWidth(width + STEP);
    else if (event.key === 'Home') resetWidth();
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that can be moved is not a thematic break
    <div
      className="column-resizer"
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${FIELD_LABELS[name]}`}
      aria-valuenow={width}
      aria-valuemin={minWidth}
      aria-valuemax={maxWidth}
      aria-valuetext={`${width} pixels`}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerEnd}
      onPointerCancel={onPointerEnd}
      onDoubleClick={resetWidth}
      onKeyDown={onKeyDown}
    />
  );
}
