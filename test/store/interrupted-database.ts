import { Database } from '../../src/store/sqlite/database.ts';

/** A connection that calls `between` before and within its reads and before its transactions. */
export class InterruptedDatabase extends Database {
  between: () => void = () => undefined;
  #isBetween = false;

  override snapshot<T>(work: () => T): T {
    this.#interrupt();
    return super.snapshot(work);
  }

  override transaction<T>(work: () => T): T {
    this.#interrupt();
    return super.transaction(work);
  }

  override collect(...args: Parameters<Database['collect']>): void {
    super.collect(...args);
    this.#interrupt();
  }

  #interrupt(): void {
    if (this.#isBetween) return;
    this.#isBetween = true;
    try {
      this.between();
    } finally {
      this.#isBetween = false;
    }
  }
}
