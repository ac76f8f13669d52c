/** A difference below this one can be the time that an answer took. */
const TOLERATED_MS = 5_000;

let offsetMs = 0;

/** The clock of the server, as its answers show it. Relative times refer to it: the clock of the browser can be wrong. */
export const serverClock = {
  /** @param date the header `Date` of an answer, which has whole seconds. */
  update(date: string | null): void {
    const time = Date.parse(date ?? '');
    if (Number.isNaN(time)) return;
    const offset = time - Date.now();
    offsetMs = Math.abs(offset) < TOLERATED_MS ? 0 : offset;
  },
  /** Unix milliseconds. */
  now: (): number => Date.now() + offsetMs,
  /** By how much the server's clock is ahead of the browser's, in milliseconds; 0 if it is less than five seconds. */
  offsetMs: (): number => offsetMs,
};
