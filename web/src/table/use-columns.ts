import {
  columnOrderingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useMemo } from 'react';
import { COLUMN_NAMES, type ColumnName } from './column-names.ts';
import { setColumnWidths, useColumnWidths } from './column-widths.ts';
import { COLUMNS } from './columns.tsx';
import type { LogOfTable } from './use-log-pages.ts';

const features = tableFeatures({ columnOrderingFeature, columnSizingFeature, columnVisibilityFeature });
const columns = COLUMN_NAMES.map((id) => ({ id, size: COLUMNS[id].width, minSize: 48, maxSize: 1_200 }));
/** The table manages columns. Rows come by pages in their final order, so it has nothing to do with them. */
const NO_ROWS: LogOfTable[] = [];

/** The columns in their order with their widths. */
export function useColumns(names: readonly ColumnName[]) {
  const columnSizing = useColumnWidths();
  const columnOrder = useMemo(() => [...names], [names]);
  const columnVisibility = useMemo(
    () => Object.fromEntries(COLUMN_NAMES.map((name) => [name, names.includes(name)])),
    [names],
  );
  const table = useTable({
    features,
    columns,
    data: NO_ROWS,
    state: { columnOrder, columnVisibility, columnSizing },
    onColumnSizingChange: (updater) =>
      setColumnWidths(typeof updater === 'function' ? updater(columnSizing) : updater),
  });
  const visible = table.getVisibleLeafColumns();
  // This one takes the width that is left.
  const elastic = names.includes('path') ? 'path' : names.at(-1);
  return {
    columns: visible.map((column) => ({
      name: column.id as ColumnName,
      width: column.getSize(),
      isElastic: column.id === elastic,
      minWidth: column.columnDef.minSize!,
      maxWidth: column.columnDef.maxSize!,
      setWidth: (width: number) =>
        table.setColumnSizing((sizes) => ({
          ...sizes,
          [column.id]: Math.round(
            Math.max(column.columnDef.minSize!, Math.min(column.columnDef.maxSize!, width)),
          ),
        })),
      resetWidth: () => column.resetSize(),
    })),
    totalWidth: table.getTotalSize(),
  };
}

export type GridColumn = ReturnType<typeof useColumns>['columns'][number];
