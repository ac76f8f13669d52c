// biome-ignore-all lint/a11y/useSemanticElements: rows that are positioned by themselves cannot be those of a <table>
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus; it names the current row
import { useQuestion } from '../state/question.tsx';
import { formatMinute } from '../time/format.ts';
import type { LogPages } from './use-log-pages.ts';

/** Below the last row: whether there are more. */
export function GridEnd({ pages, isAscending }: { readonly pages: LogPages; readonly isAscending: boolean }) {
  return (
    <div className="log-end" role="rowgroup">
      <div role="row">
        <div role="gridcell">
          <EndMessage pages={pages} isAscending={isAscending} />
        </div>
      </div>
    </div>
  );
}

function EndMessage({ pages, isAscending }: { readonly pages: LogPages; readonly isAscending: boolean }) {
  const { zone } = useQuestion();
  const { hasNext, isLoadingNext, failure, stopped, loadNext } = pages;
  if (failure !== null && !isLoadingNext) {
    return (
      <>
        The next requests could not be loaded. <GoOn label="Try again" onClick={loadNext} />
      </>
    );
  }
  if (stopped !== null) {
    const { searchedTo } = stopped;
    return (
      <>
        {searchedTo === null
          ? 'The search was stopped after two seconds.'
          : `Searched ${isAscending ? 'up' : 'down'} to ${formatMinute(searchedTo, zone)}.`}{' '}
        <GoOn label="Go on" onClick={loadNext} />
      </>
    );
  }
  return hasNext ? 'Loading…' : 'No more requests';
}

function GoOn({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <button type="button" className="button" onClick={onClick}>
      {label}
    </button>
  );
}
