import { type ConnectionStatus, setConnectionStatus } from './connection-status.ts';

interface Entry {
  readonly send: () => void;
}

/**
 * Requests that must be sent again, oldest first. One at a time is sent, the newest first, because the page shows its answer; the
 * others follow as soon as it is answered. So many panels do not use up together what the rate limit gives back.
 */
const queue: Entry[] = [];
let isTrying = false;
/** Unix milliseconds by the browser's clock. */
let notBefore = 0;
let timer: ReturnType<typeof setTimeout>;

function schedule(): void {
  clearTimeout(timer);
  if (isTrying) return;
  if (queue.length === 0) setConnectionStatus(null);
  else timer = setTimeout(sendNewest, Math.max(0, notBefore - Date.now()));
}

function sendNewest(): void {
  isTrying = true;
  queue.pop()!.send();
}

/** Sends a request that waits at once. */
export function retryNow(): void {
  notBefore = 0;
  schedule();
}

/**
 * Waits until a request may be sent again. `turnEnds` must be called after it was sent.
 *
 * @throws the reason of the signal.
 */
export function waitForTurn(status: ConnectionStatus, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(signal.reason);
      const index = queue.indexOf(entry);
      if (index >= 0) queue.splice(index, 1);
      schedule();
    };
    const entry = {
      send: () => {
        signal.removeEventListener('abort', stop);
        resolve();
      },
    };
    // The rate limit holds for all; what else fails may concern this request alone, and others get their turn before it.
    if (status.kind === 'rate-limited') queue.push(entry);
    else queue.unshift(entry);
    notBefore = status.retryAt;
    setConnectionStatus(status);
    schedule();
    signal.addEventListener('abort', stop);
  });
}

/** Lets the next request be sent: at once if this one was answered. */
export function turnEnds(isAnswered: boolean): void {
  isTrying = false;
  if (isAnswered) notBefore = 0;
  schedule();
}
