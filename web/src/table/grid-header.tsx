// biome-ignore-all lint/a11y/useSemanticElements: rows that are positioned by themselves cannot be those of a <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus; it names the current row

import { FIELD_LABELS } from '../fields/field-labels.ts';
import type { Sort } from '../state/sort.ts';
import { useUrlState } from '../state/url-state.ts';
import { ColumnResizer } from './column-resizer.tsx';
import { COLUMNS } from './columns.tsx';
import { SORT_FIELD_OF } from './sort-options.ts';
import type { GridColumn } from './use-columns.ts';

/** The names of the columns. Those of time, status and duration sort the logs. */
export function GridHeader({
  columns,
  sort,
}: {
  readonly columns: readonly GridColumn[];
  readonly sort: Sort;
}) {
  return (
    <div className="log-header" role="rowgroup">
      <div className="log-cells" role="row" aria-rowindex={1}>
        {columns.map((column) => (
          <HeaderCell key={column.name} column={column} sort={sort} />
        ))}
      </div>
    </div>
  );
}

function HeaderCell({ column, sort }: { readonly column: GridColumn; readonly sort: Sort }) {
  const [, setState] = useUrlState();
  const { name } = column;
  const field = SORT_FIELD_OF[name];
  const isSorted = sort.field === field;
  const isDescending = isSorted && sort.direction === 'DESC';
  const label = FIELD_LABELS[name];
  const { isNumber } = COLUMNS[name];
  const arrow = (
    <span aria-hidden="true" className="arrow" data-sorted={isSorted}>
      {isSorted && !isDescending ? '↑' : '↓'}
    </span>
  );
  return (
    <div
      className="log-cell"
      role="columnheader"
      data-number={isNumber}
      aria-sort={field && (isSorted ? (isDescending ? 'descending' : 'ascending') : 'none')}
    >
      {field === undefined ? (
        <span className="log-label">{label}</span>
      ) : (
        <button
          type="button"
          className="log-label"
          onClick={() => setState({ sort: { field, direction: isDescending ? 'ASC' : 'DESC' } })}
        >
          {/* Numbers end at the right edge of their column, and so does the label. */}
          {isNumber && arrow}
          {label}
          {!isNumber && arrow}
        </button>
      )}
      {!column.isElastic && <ColumnResizer column={column} />}
    </div>
  );
}
