import { formatSpan } from '../format/duration.ts';
import { useClockOffset } from '../relay/use-clock-offset.ts';
import { Notice } from './notice.tsx';

/** Says that the clock of the computer is wrong. A few seconds do not matter to anyone. */
const SHOWN_FROM_MS = 30_000;

export function ClockNotice() {
  const offset = useClockOffset();
  if (Math.abs(offset) < SHOWN_FROM_MS) return null;
  return (
    <Notice tone="info">
      The clock of this computer is {formatSpan(Math.abs(offset))} {offset > 0 ? 'behind' : 'ahead of'} the
      server’s. Times follow the server’s.
    </Notice>
  );
}
