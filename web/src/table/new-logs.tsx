import { formatNumber } from '../format/number.ts';
import { useQuestion } from '../state/question.tsx';
import type { Sort } from '../state/sort.ts';
import { type LogPages, PAGE_SIZE } from './use-log-pages.ts';
import { useNewLogCount } from './use-new-log-count.ts';

/** Above the table: how many new logs there are, and a button that shows them. */
export function NewLogs({
  pages,
  sort,
  onLoad,
  onLoaded,
}: {
  readonly pages: LogPages;
  readonly sort: Sort;
  readonly onLoad: () => void;
  readonly onLoaded: () => void;
}) {
  const { refresh } = useQuestion();
  const { logs, hasPrevious, isLoadingPrevious, loadPrevious } = pages;
  const count = useNewLogCount(logs[0]?.createdAt ?? null, sort);
  const show = () => {
    // What does not fit above the rows by one page is asked for from the top.
    if (count > PAGE_SIZE || hasPrevious || logs.length === 0) return refresh();
    onLoad();
    loadPrevious(onLoaded);
  };
  return (
    <div className="new-logs" role="status">
      {count > 0 && (
        <button type="button" className="button" disabled={isLoadingPrevious} onClick={show}>
          ↑ {formatNumber(count)} new
        </button>
      )}
    </div>
  );
}
