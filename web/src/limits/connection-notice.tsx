import { useEffect, useState } from 'react';
import { useConnectionStatus } from '../relay/connection-status.ts';
import { retryNow } from '../relay/retry-queue.ts';
import { Notice } from './notice.tsx';

const TEXTS = {
  'rate-limited': 'The rate limit of this organization is reached.',
  unavailable: 'The log store is not available.',
  unreachable: 'The server cannot be reached.',
} as const;

/** Says that the page waits for the server, and until when. */
export function ConnectionNotice() {
  const { kind, retryAt, message } = useConnectionStatus();
  useEffect(() => {
    addEventListener('online', retryNow);
    return () => removeEventListener('online', retryNow);
  }, []);
  if (kind === 'ok') return null;
  return (
    <Notice
      tone={kind === 'rate-limited' ? 'warning' : 'danger'}
      action={
        <button type="button" className="button" onClick={retryNow}>
          Try now
        </button>
      }
    >
      <span title={message ?? undefined}>{TEXTS[kind]}</span>{' '}
      <Countdown key={retryAt} kind={kind} until={retryAt} />
    </Notice>
  );
}

/** Hidden from screen readers, which would say each second. */
function Countdown({ kind, until }: { readonly kind: keyof typeof TEXTS; readonly until: number }) {
  const secondsLeft = () => Math.max(0, Math.ceil((until - Date.now()) / 1_000));
  const [seconds, setSeconds] = useState(secondsLeft);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(Math.max(0, Math.ceil((until - Date.now()) / 1_000))), 250);
    return () => clearInterval(timer);
  }, [until]);
  const verb = kind === 'rate-limited' ? 'The page goes on' : 'Trying again';
  return (
    <span className="numbers" aria-hidden="true">
      {seconds > 0 ? `${verb} in ${seconds} s.` : 'Trying again …'}
    </span>
  );
}
