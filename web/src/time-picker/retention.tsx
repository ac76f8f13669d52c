import { useCredential } from '../access/use-credential.ts';
import { useQuestion } from '../state/question.tsx';
import { withinRetention } from '../state/retention.ts';

/** Says that the plan shows no logs from before a later time, if so. @param from Unix milliseconds. */
export function BeyondRetention({
  from,
  isShort = false,
}: {
  readonly from: number;
  readonly isShort?: boolean;
}) {
  const retentionDays = useCredential()?.retentionDays ?? null;
  const { now } = useQuestion();
  if (!withinRetention({ from, to: now }, retentionDays, now).isCut) return null;
  const days = retentionDays === 1 ? '1 day' : `${retentionDays} days`;
  if (isShort) return <span className="range-beyond">plan shows {days}</span>;
  return (
    <p className="range-note">
      Your plan shows the logs of the last {days}. Earlier ones are not part of the answers.
    </p>
  );
}
