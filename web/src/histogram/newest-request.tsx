import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { newestRequestQuery } from '../__generated__/newestRequestQuery.graphql';
import { useFetchOptions } from '../state/fetch-options.ts';
import { useQuestion } from '../state/question.tsx';
import { useUrlState } from '../state/url-state.ts';
import { formatMinute } from '../time/format.ts';
import { rangeUpTo } from './range-up-to.ts';

/** For an empty range: when the newest request was that matches the conditions, and a way to it. */
export default function NewestRequest() {
  const { conditions, interval, zone } = useQuestion();
  const [, setState] = useUrlState();
  const { requestLogs } = useLazyLoadQuery<newestRequestQuery>(
    graphql`
      query newestRequestQuery($filter: RequestLogFilter) @throwOnFieldError {
        requestLogs(filter: $filter, first: 1) {
          nodes {
            createdAt
          }
        }
      }
    `,
    { filter: conditions },
    useFetchOptions(),
  );
  const [newest] = requestLogs.nodes;
  if (newest === undefined) return 'There is none at any other time either.';
  const createdAt = Date.parse(newest.createdAt);
  return (
    <>
      The newest one is from {formatMinute(createdAt, zone)}.{' '}
      <button
        type="button"
        className="button"
        onClick={() => setState({ range: rangeUpTo(createdAt, interval) })}
      >
        Show the newest
      </button>
    </>
  );
}
