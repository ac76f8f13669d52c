import { useCredential } from '../access/use-credential.ts';
import { useQuestion } from '../state/question.tsx';
import { Notice } from './notice.tsx';

/** What the plan hides of the range of time. */
export function RetentionNotice() {
  const { isCut } = useQuestion();
  const retentionDays = useCredential()?.retentionDays;
  if (!isCut) return null;
  return (
    <Notice tone="info">
      Your plan shows the last {retentionDays === 1 ? 'day' : `${retentionDays} days`}. Older requests are not
      shown.
    </Notice>
  );
}
