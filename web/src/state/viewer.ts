import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { viewerQuery } from '../__generated__/viewerQuery.graphql';
import { useAttempt } from '../ui/panel-boundary.tsx';

/** The caller: its scopes, how far back its plan shows logs, and where its traces are. Suspends until it is known. */
export function useViewer() {
  return useLazyLoadQuery<viewerQuery>(
    graphql`
      query viewerQuery {
        viewer {
          scopes
          retentionDays
          traceUrlTemplate
        }
      }
    `,
    {},
    { fetchKey: useAttempt() },
  ).viewer;
}
