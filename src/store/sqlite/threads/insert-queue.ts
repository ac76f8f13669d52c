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
 * Group commit: batches that arrive while a transaction is running are stored together by the next transaction,
 * round-robin over their keys. Each insert resolves with its own result after the commit.
 */
export class InsertQueue {
  readonly #insertAll: (batches: readonly Batch[]) => Promise<InsertResult[]>;
  /** The waiting batches by key; the first key is the next one to be served. */
  readonly #waiting = new Map<string, Waiting[]>();
  #storing = false;

  /** @param insertAll stores all batches or none of them, and returns the result of each. */
  constructor(insertAll: (batches: readonly Batch[]) => Promise<InsertResult[]>) {
    this.#insertAll = insertAll;
  }

  insert(batch: Batch, key: string): Promise<InsertResult> {
    const answer = Promise.withResolvers<InsertResult>();
    const ofKey = this.#waiting.get(key) ?? [];
    ofKey.push({ batch, answer });
    this.#waiting.set(key, ofKey);
    if (!this.#storing) void this.#storeAll();
    return answer.promise;
  }

  async #storeAll(): Promise<void> {
    this.#storing = true;
    while (this.#waiting.size > 0) await this.#store(this.#nextGroup());
    this.#storing = false;
  }

  /** Removes the oldest batch of each key in turn: at least one batch, and at most as many as fit in one transaction. */
  #nextGroup(): Waiting[] {
    const group: Waiting[] = [];
    let logs = 0;
    for (const [key, ofKey] of this.#waiting) {
      const next = ofKey[0]!;
      logs += next.batch.length;
      if (group.length > 0 && logs > MAX_LOGS) break;
      group.push(next);
      ofKey.shift();
      // A key that is set again moves to the end, where this loop reaches it once more.
      this.#waiting.delete(key);
      if (ofKey.length > 0) this.#waiting.set(key, ofKey);
    }
    return group;
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
