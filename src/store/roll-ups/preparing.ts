import { formatRfc3339 } from '../../lib/date-time.ts';
import { badInput, RelaylogError } from '../../log/errors.ts';
import { STATS_LIMITS } from '../../stats/limits.ts';
import type { StatsWork } from '../../stats/work.ts';

/** Seconds after which a question about logs that are not rolled up yet makes sense again. */
const RETRY_AFTER = 30;

/** The error of a question that would read too many logs because their roll-ups are not built yet. */
export function rollUpsInPreparation(cause?: unknown): RelaylogError {
  return new RelaylogError(
    'UNAVAILABLE',
    'The statistics of these logs are being prepared, from the newest to the oldest: ask about a later or shorter time, or try again later.',
    { retryAfter: RETRY_AFTER, cause },
  );
}

/**
 * @param readyFrom logs from this time on are rolled up, in Unix milliseconds.
 * @param from the start of the question's window.
 * @throws RelaylogError if a question reads too many logs: UNAVAILABLE if that changes when roll-ups are built, else BAD_USER_INPUT.
 */
export function requireReadable({ logs }: StatsWork, from: number, readyFrom: number): void {
  if (logs <= STATS_LIMITS.logs) return;
  if (from < readyFrom) throw rollUpsInPreparation();
  throw badInput(
    `No roll-up holds this answer, so it would read more than ${STATS_LIMITS.logs} logs (from ${formatRfc3339(from)} on): use a shorter ` +
      'time, fewer dimensions or a filter on one of the dimensions.',
  );
}
