import { RelaylogError } from '../../../log/errors.ts';
import { organizationDeleted } from '../../erasure.ts';
import type { InsertResult } from '../../store.ts';
import type { InsertBatch } from '../schema/insert-batch.ts';

interface Waiting {
  readonly batch: InsertBatch;
  readonly more: boolean;
  readonly answer: PromiseWithResolvers<InsertResult>;
}

/** Stores all batches or none of them. Returns the result of each; null if its organization does not exist. */
type InsertAll = (batches: readonly InsertBatch[]) => Promise<(InsertResult | null)[]>;

/** The maximum number of logs in a combined transaction. A larger one is not faster, and makes other writers wait. */
const MAX_LOGS = 20_000;
/** A batch of at most so many logs is quick to store. It need not wait for a larger one that waits, too. */
const QUICK_LOGS = 100;

/**
 * Group commit: batches that arrive while a transaction is running are stored together by the next transaction,
 * round-robin over their keys, and quick ones before others. Each insert resolves with its own result after the commit.
 */
export class InsertQueue {
  readonly #insertAll: InsertAll;
  /** The waiting batches by key; the first key is the next one to be served. */
  readonly #waiting = new Map<string, Waiting[]>();
  #storing = false;
  /** Whether the last transaction stored only quick batches while others waited. Those are next. */
  #othersAreNext = false;
  /** Waiting logs, and waiting batches after which no other one is announced. */
  #logs = 0;
  #complete = 0;

  constructor(insertAll: InsertAll) {
    this.#insertAll = insertAll;
  }

  /** @param more another batch follows, so this one may wait for it; see `InsertOptions`. */
  insert(batch: InsertBatch, key: string, more = false): Promise<InsertResult> {
    const answer = Promise.withResolvers<InsertResult>();
    const ofKey = this.#waiting.get(key) ?? [];
    ofKey.push({ batch, more, answer });
    this.#waiting.set(key, ofKey);
    this.#logs += batch.rows.length;
    if (!more) this.#complete++;
    if (!this.#storing) void this.#storeAll();
    return answer.promise;
  }

  async #storeAll(): Promise<void> {
    this.#storing = true;
    while (this.#complete > 0 || this.#logs >= MAX_LOGS) await this.#store(this.#nextGroup());
    this.#storing = false;
  }

  /** Removes the oldest batch of each key in turn: at least one batch, and at most as many as fit in one transaction. */
  #nextGroup(): Waiting[] {
    const group: Waiting[] = [];
    let logs = 0;
    const isQuick = (ofKey: readonly Waiting[]) => ofKey[0]!.batch.rows.length <= QUICK_LOGS;
    const keys = [...this.#waiting.values()];
    const onlyQuick = !this.#othersAreNext && keys.some(isQuick) && !keys.every(isQuick);
    this.#othersAreNext = onlyQuick;
    for (const [key, ofKey] of this.#waiting) {
      if (onlyQuick && !isQuick(ofKey)) continue;
      const next = ofKey[0]!;
      logs += next.batch.rows.length;
      if (group.length > 0 && logs > MAX_LOGS) break;
      group.push(next);
      ofKey.shift();
      this.#logs -= next.batch.rows.length;
      if (!next.more) this.#complete--;
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
        const result = results[i]!;
        result === null ? answer.reject(organizationDeleted()) : answer.resolve(result);
      });
    } catch (error) {
      // A RelaylogError concerns the store and would fail for every batch; any other error is caused by one of the batches.
      const alone = group.length === 1 || error instanceof RelaylogError;
      for (const one of group) alone ? one.answer.reject(error) : await this.#store([one]);
    }
  }
}
