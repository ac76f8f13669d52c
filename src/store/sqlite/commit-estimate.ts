/**
 * Shorter transactions say nothing about the commits of long ones, in milliseconds. They are not foreseen either: after one
 * slow commit, all transactions would be too short to learn from.
 */
const MIN_WORK_MS = 20;

/**
 * Foresees how long a transaction takes with its commit. While the indexes are small, a commit takes a fraction of the inserts'
 * time. Once each log changes pages of its own, it takes a multiple.
 */
export class CommitEstimate {
  /** The time of a commit for each millisecond of the work before it. */
  #ratio = 0;

  /** Returns the time of the work and of its commit, in milliseconds. */
  withCommit(workMs: number): number {
    return workMs < MIN_WORK_MS ? workMs : workMs * (1 + this.#ratio);
  }

  /** Learns from a transaction that was committed: half from the last one, a quarter from the one before, and so on. */
  add(workMs: number, commitMs: number): void {
    if (workMs >= MIN_WORK_MS) this.#ratio = (this.#ratio + commitMs / workMs) / 2;
  }
}
