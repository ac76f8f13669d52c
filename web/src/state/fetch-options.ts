import { useRelayEnvironment } from 'react-relay/hooks';
import { setReader } from '../relay/environment.ts';
import { useAttempt } from '../ui/panel-boundary.tsx';
import { useQuestion } from './question.tsx';

/** Options of a query that answers the question: it is sent again after a refresh, and if the user tries again after a failure. */
export function useFetchOptions() {
  const attempt = useAttempt();
  const question = useQuestion();
  setReader(useRelayEnvironment(), question);
  const { revision } = question;
  const isFirst = attempt === 0 && revision === 0;
  return {
    fetchKey: `${revision} ${attempt}`,
    fetchPolicy: isFirst ? 'store-or-network' : 'network-only',
  } as const;
}
