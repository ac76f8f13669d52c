import { Component, type ReactNode, Suspense } from 'react';
import { useViewer } from '../state/viewer.ts';
import { HOUR_MS } from '../time/units.ts';

/** A relative range begins at the time of the last refresh, and `visibleFrom` at another one. */
const TOLERATED_MS = HOUR_MS;

/** Says that the plan shows no logs from before a later time, if so. @param from Unix milliseconds. */
export function BeyondRetention({
  from,
  isShort = false,
}: {
  readonly from: number;
  readonly isShort?: boolean;
}) {
  return (
    <Optional>
      <Suspense fallback={null}>
        <Note from={from} isShort={isShort} />
      </Suspense>
    </Optional>
  );
}

function Note({ from, isShort }: { readonly from: number; readonly isShort: boolean }) {
  const { visibleFrom, retentionDays } = useViewer();
  if (visibleFrom == null || from >= Date.parse(visibleFrom) - TOLERATED_MS) return null;
  const days = retentionDays === 1 ? '1 day' : `${retentionDays} days`;
  if (isShort) return <span className="range-beyond">plan shows {days}</span>;
  return (
    <p className="range-note">
      Your plan shows the logs of the last {days}. Earlier ones are not part of the answers.
    </p>
  );
}

/** Shows nothing if its content fails: the panels show the error. */
class Optional extends Component<{ readonly children: ReactNode }, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };
  static getDerivedStateFromError = () => ({ hasFailed: true });
  override render(): ReactNode {
    return this.state.hasFailed ? null : this.props.children;
  }
}
