import { Suspense } from 'react';
import { parseAsSort } from '../state/sort.ts';
import { useUrlState } from '../state/url-state.ts';
import { ColumnsIcon } from '../ui/icons.tsx';
import { lazyPart } from '../ui/lazy-part.ts';
import { PanelBoundary } from '../ui/panel-boundary.tsx';
import { Popover } from '../ui/popover.tsx';
import { LogCount } from './log-count.tsx';
import { SORT_OPTIONS } from './sort-options.ts';

const ColumnsMenu = lazyPart(() => import('./columns-menu.tsx'));

/** How many logs match, and how they are shown. */
export function TableHead({
  newPages,
}: {
  /** How many pages of new logs were loaded: the count is asked for again. */
  readonly newPages: number;
}) {
  const [{ sort }, setState] = useUrlState();
  return (
    <div className="table-head">
      <Suspense fallback={<span className="muted">Counting…</span>}>
        <LogCount newPages={newPages} />
      </Suspense>
      <span className="space" />
      <select
        className="input table-sort"
        aria-label="Order"
        value={parseAsSort.serialize(sort)}
        onChange={({ target }) => setState({ sort: parseAsSort.parse(target.value) })}
      >
        {SORT_OPTIONS.map((option) => (
          <option key={option.label} value={parseAsSort.serialize(option)}>
            {option.label}
          </option>
        ))}
      </select>
      <Popover
        label={
          <>
            <ColumnsIcon /> Columns
          </>
        }
        name="Columns"
        align="end"
      >
        {() => (
          <PanelBoundary
            name="The choice of columns"
            resetKey={null}
            fallback={<div className="columns-menu muted">Loading…</div>}
          >
            <ColumnsMenu />
          </PanelBoundary>
        )}
      </Popover>
    </div>
  );
}
