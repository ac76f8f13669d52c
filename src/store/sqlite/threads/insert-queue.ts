import { RelaylogError } from '../../../log/errors.ts';
import { organizationDeleted } from '../../erasure.ts';
import type { InsertResult } from '../../store.ts';
import { type InsertBatch, type Interruption, rowsAfter } from '../schema/insert-batch.ts';

interface Waiting {
  readonly key: string;
  readonly batch: InsertBatch;
  readonly more: boolean;
  /** What interrupted transactions have stored of it. The batch has the other rows. */
  readonly before: InsertResult;
  readonly answer: PromiseWithResolvers<InsertResult>;
}

/** See `insertAll` of `insert.ts`. */
type InsertAll = (
  batches: readonly InsertBatch[],
  interruption: Interruption,
) => Promise<(InsertResult | null)[]>;

const NOTHING: InsertResult = { stored: 0, duplicates: 0 };
/** The maximum number of logs in a combined transaction. A larger one is not faster, and makes other writers wait. */
const MAX_LOGS = 20_000;
/** A batch of at most so many logs is quick to store. It interrupts the transaction of larger ones, and is stored before those that wait. */
const QUICK_LOGS = 100;

/**
 * Group commit: batches that arrive while a transaction is running are stored together by the next transaction,
 * round-robin over their keys. While both wait, quick batches and larger ones take turns. Each insert resolves with its own
 * result after the commit of its last row.
 */
export class InsertQueue {
  readonly #insertAll: InsertAll;
  /** The waiting batches by key; the first key is the next one to be served. */
  readonly #waiting = new Map<string, Waiting[]>();
  #storing = false;
  /** Whether the last transaction stored quick batches while larger ones waited. Those are next. */
  #largeAreNext = false;
  readonly #interruption: Interruption = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  /** Waiting logs, and waiting batches after which no other one is announced. */
  #logs = 0;
  #complete = 0;

  constructor(insertAll: InsertAll) {
    this.#insertAll = insertAll;
  }

  /** @param more another batch follows, so this one may wait for it; see `InsertOptions`. */
  insert(batch: InsertBatch, key: string, more = false): Promise<InsertResult> {
    const answer = Promise.withResolvers<InsertResult>();
    const waiting = { key, batch, more, before: NOTHING, answer };
    this.#add(waiting, 'last');
    if (isQuick(waiting)) this.#setInterruption(true);
    if (!this.#storing) void this.#storeAll();
    return answer.promise;
  }

  /** @param position among the waiting batches of its key. */
  #add(waiting: Waiting, position: 'first' | 'last'): void {
    const ofKey = this.#waiting.get(waiting.key) ?? [];
    position === 'first' ? ofKey.unshift(waiting) : ofKey.push(waiting);
    this.#waiting.set(waiting.key, ofKey);
    this.#logs += waiting.batch.rows.length;
    if (!waiting.more) this.#complete++;
  }

  #setInterruption(interrupt: boolean): void {
    Atomics.store(this.#interruption, 0, Number(interrupt));
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
    const first = this.#firstOfEachKey();
    const takeTurns = first.some(isQuick) && !first.every(isQuick);
    const quickAreNext = takeTurns && !this.#largeAreNext;
    this.#largeAreNext = quickAreNext;
    for (const [key, ofKey] of this.#waiting) {
      const next = ofKey[0]!;
      if (takeTurns && isQuick(next) !== quickAreNext) continue;
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

  #firstOfEachKey(): Waiting[] {
    return Array.from(this.#waiting.values(), ([first]) => first!);
  }

  async #store(group: readonly Waiting[]): Promise<void> {
    this.#setInterruption([...group, ...this.#firstOfEachKey()].some(isQuick));
    try {
      const results = await this.#insertAll(
        group.map(({ batch }) => batch),
        this.#interruption,
      );
      const rest = group.map((waiting, i) => settle(waiting, results[i]));
      // The last one first, so that each key has its batches in their order.
      for (const waiting of rest.reverse()) if (waiting !== null) this.#add(waiting, 'first');
    } catch (error) {
      // A RelaylogError concerns the store and would fail for every batch; any other error is caused by one of the batches.
      const alone = group.length === 1 || error instanceof RelaylogError;
      for (const one of group) alone ? one.answer.reject(error) : await this.#store([one]);
    }
  }
}

function isQuick({ batch }: Waiting): boolean {
  return batch.rows.length <= QUICK_LOGS;
}

/**
 * Settles a batch unless rows of it are left. Returns what is left, or null.
 *
 * @param result undefined if an interrupted transaction did not reach the batch.
 */
function settle(waiting: Waiting, result: InsertResult | null | undefined): Waiting | null {
  const { answer, batch, before } = waiting;
  if (result === undefined) return waiting;
  if (result === null) {
    answer.reject(organizationDeleted());
    return null;
  }
  const done = {
    stored: before.stored + result.stored,
    duplicates: before.duplicates + result.duplicates,
  };
  const rows = rowsAfter(batch.rows, result.stored + result.duplicates);
  if (rows.length > 0) return { ...waiting, batch: { ...batch, rows }, before: done };
  answer.resolve(done);
  return null;
}
