import { ClockNotice } from './clock-notice.tsx';
import { ConnectionNotice } from './connection-notice.tsx';
import { RetentionNotice } from './retention-notice.tsx';

/** What limits the answers, one line each. */
export function Notices() {
  return (
    <>
      <ConnectionNotice />
      <ClockNotice />
      <RetentionNotice />
    </>
  );
}
