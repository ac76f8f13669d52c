import { graphql, useLazyLoadQuery, usePaginationFragment } from 'react-relay/hooks';
import type { LogTable_query$key } from '../__generated__/LogTable_query.graphql';
import type { LogTableQuery } from '../__generated__/LogTableQuery.graphql';
import { useQuestion } from '../state/question.tsx';
import { useUrlState } from '../state/url-state.ts';
import { formatTime } from '../time/format.ts';

/** The logs of the question, one row each. */
export function LogTable() {
  const { filter, zone } = useQuestion();
  const [{ sort }] = useUrlState();
  const query = useLazyLoadQuery<LogTableQuery>(
    graphql`
      query LogTableQuery($filter: RequestLogFilter, $sort: RequestLogSort!) {
        ...LogTable_query @arguments(filter: $filter, sort: $sort)
      }
    `,
    { filter, sort },
  );
  const { data } = usePaginationFragment<LogTableQuery, LogTable_query$key>(
    graphql`
      fragment LogTable_query on Query
      @refetchable(queryName: "LogTablePageQuery")
      @argumentDefinitions(
        filter: { type: "RequestLogFilter" }
        sort: { type: "RequestLogSort!" }
        first: { type: "Int", defaultValue: 100 }
        after: { type: "String" }
        last: { type: "Int" }
        before: { type: "String" }
      )
      @throwOnFieldError {
        requestLogs(filter: $filter, sort: $sort, first: $first, after: $after, last: $last, before: $before)
          @connection(key: "LogTable_requestLogs") {
          edges {
            node {
              id
              createdAt
              method
              path
              statusCode
            }
          }
        }
      }
    `,
    query,
  );
  return (
    <ul>
      {data.requestLogs.edges.map(({ node }) => (
        <li key={node.id}>
          {formatTime(node.createdAt, zone)} {node.method} {node.path} {node.statusCode}
        </li>
      ))}
    </ul>
  );
}
