import { useDeferredValue, useState, useTransition } from 'react';
import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { logCountQuery } from '../__generated__/logCountQuery.graphql';
import { formatNumber } from '../format/number.ts';
import { useFetchOptions } from '../state/fetch-options.ts';
import { useQuestion } from '../state/question.tsx';

/** How many logs match: up to a limit, and beyond it if the user asks for the exact number. */
export function LogCount({ newPages }: { readonly newPages: number }) {
  const { filter } = useQuestion();
  const options = useFetchOptions();
  const [exactFilter, setExactFilter] = useState<unknown>(null);
  const [isCounting, startCounting] = useTransition();
  const exact = exactFilter === filter;
  const shownPages = useDeferredValue(newPages);
  const { requestLogs } = useLazyLoadQuery<logCountQuery>(
    graphql`
      query logCountQuery($filter: RequestLogFilter, $exact: Boolean!) @throwOnFieldError {
        requestLogs(filter: $filter, first: 1) {
          totalCount(exact: $exact)
          totalCountApproximate
        }
      }
    `,
    { filter, exact },
    {
      fetchKey: `${shownPages} ${options.fetchKey}`,
      fetchPolicy: shownPages === 0 ? options.fetchPolicy : 'network-only',
    },
  );
  const { totalCount } = requestLogs;
  const isApproximate = requestLogs.totalCountApproximate && !exact;
  return (
    <>
      <strong className="numbers table-count" role="status">
        {formatNumber(totalCount)}
        {isApproximate && '+'} {totalCount === 1 ? 'request' : 'requests'}
      </strong>
      {isApproximate && (
        <button
          type="button"
          className="button quiet"
          disabled={isCounting}
          onClick={() => startCounting(() => setExactFilter(filter))}
        >
          {isCounting ? 'Counting…' : 'Count all'}
        </button>
      )}
    </>
  );
}
