import { RelaylogError } from '../../../log/errors.ts';
import type { InsertResult } from '../../store.ts';
import type { InsertRow } from '../schema/insert-row.ts';

type Batch = readonly InsertRow[];

interface Waiting {
  readonly batch: Batch;
  readonly answer: PromiseWithResolvers<InsertResult>;
}

/** Past this many logs a transaction gains nothing more, and others wait for its end. */
const MAX_LOGS = 20_000;

/**
 * Group commit: the batches that come while others are being stored are stored together by the next transaction. Each
 * gets its own answer, after that transaction's commit.
 */
export class InsertQueue {
  readonly #insertAll: (batches: readonly Batch[]) => Promise<InsertResult[]>;
  readonly #waiting: Waiting[] = [];
  #storing = false;

  /** @param insertAll stores all of these batches or none, and answers for each. */
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

  /** The batches that waited longest: at least one, and no more than one transaction is to hold. */
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
      // What the store could not do, it would not do for any of them; anything else is the fault of one.
      const alone = group.length === 1 || error instanceof RelaylogError;
      for (const one of group) alone ? one.answer.reject(error) : await this.#store([one]);
    }
  }
}
