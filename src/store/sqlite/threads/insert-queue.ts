import { RelaylogError } from '../../../log/errors.ts';
import type { InsertResult } from '../../store.ts';
import type { InsertRow } from '../schema/insert-row.ts';

type Batch = readonly InsertRow[];

interface Waiting {
  readonly batch: Batch;
  readonly answer: PromiseWithResolvers<InsertResult>;
}

/** The maximum number of logs in a combined transaction. A larger one is not faster, and makes other writers wait. */
const MAX_LOGS = 20_000;

/**
 * Group commit: batches that arrive while a transaction is running are stored together by the next transaction. Each insert
 * resolves with its own result after the commit.
 */
export class InsertQueue {
  readonly #insertAll: (batches: readonly Batch[]) => Promise<InsertResult[]>;
  readonly #waiting: Waiting[] = [];
  #storing = false;

  /** @param insertAll stores all batches or none of them, and returns the result of each. */
  constructor(insertAll: (batches: readonly Batch[]) => Promise<InsertResult[]>) {
    this.#insertAll = insertAll;
  }

  insert(batch: Batch): Promise<InsertResult> {
    const answer = Promise.withResolvers<InsertResult>();
    this.#waiting.push({ batch, answer });
    if (!this.#storing) void this.#storeAll();
    return answer.promise;
  }

  async #storeAll(): Promise<void> {
    this.#storing = true;
    while (this.#waiting.length > 0) await this.#store(this.#nextGroup());
    this.#storing = false;
  }

  /** Removes the oldest waiting batches: at least one, and at most as many as fit in one transaction. */
  #nextGroup(): Waiting[] {
    let logs = 0;
    const end = this.#waiting.findIndex(({ batch }, i) => {
      logs += batch.length;
      return i > 0 && logs > MAX_LOGS;
    });
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
  }

  async #store(group: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.#insertAll(group.map(({ batch }) => batch));
      group.forEach(({ answer }, i) => {
        answer.resolve(results[i]!);
      });
    } catch (error) {
      // A RelaylogError concerns the store and would fail for every batch; any other error is caused by one of the batches.
      const alone = group.length === 1 || error instanceof RelaylogError;
      for (const one of group) alone ? one.answer.reject(error) : await this.#store([one]);
    }
  }
}
