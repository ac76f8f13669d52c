/** A difference below this one can be the time that an answer took. */
const TOLERATED_MS = 5_000;

let offsetMs = 0;
const listeners = new Set<() => void>();

/** The clock of the server, as its answers show it. Relative times refer to it: the clock of the browser can be wrong. */
export const serverClock = {
  /** @param date the header `Date` of an answer, which has whole seconds. */
  update(date: string | null): void {
    const time = Date.parse(date ?? '');
    if (Number.isNaN(time)) return;
    const measured = time - Date.now();
    const offset = Math.abs(measured) < TOLERATED_MS ? 0 : measured;
    // Each answer measures a little differently.
    if (Math.abs(offset - offsetMs) < TOLERATED_MS) return;
    offsetMs = offset;
    for (const listener of listeners) listener();
  },
  /** Unix milliseconds. */
  now: (): number => Date.now() + offsetMs,
  /** By how much the server's clock is ahead of the browser's, in milliseconds; 0 if it is less than five seconds. */
  offsetMs: (): number => offsetMs,
  /** Calls the listener after each change. @returns a function that removes it. */
  onChange(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
