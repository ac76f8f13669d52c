import { afterPromiseJobs } from '../lib/after-promise-jobs.ts';
import type { Charge } from '../limits/charge.ts';
import { badInput } from '../log/errors.ts';

/**
 * The cost of one execution of an operation: what it costs at least, which is known before it begins, and then what its parts
 * cost in addition. An operation that is executed again starts at 0 and pays only what exceeds the charge of the request.
 */
export class OperationCost {
  readonly #charge: Pick<Charge, 'pay'>;
  readonly #maxCost: number;
  readonly #unsettled = new Set<Promise<unknown>>();
  #total = 0;

  constructor(charge: Pick<Charge, 'pay'>, maxCost: number) {
    this.#charge = charge;
    this.#maxCost = maxCost;
  }

  /** Charges the cost that is known before the operation is executed. @throws RelaylogError RATE_LIMITED */
  async begin(cost: number): Promise<void> {
    this.#total = cost;
    await this.#charge.pay(cost);
  }

  /**
   * Charges further work, before it is done.
   *
   * @param cheaper how to ask for less, as the end of the error's sentence.
   * @throws RelaylogError BAD_USER_INPUT if the operation costs more than its limit with this; RATE_LIMITED.
   */
  async add(cost: number, cheaper: string): Promise<void> {
    if (cost === 0) return;
    const total = this.#total + cost;
    if (total > this.#maxCost) {
      throw badInput(`The query costs ${total}, and the limit is ${this.#maxCost}: ${cheaper}`);
    }
    this.#total = total;
    await this.#charge.pay(total);
  }

  /** Announces work that may add to the cost until it is settled. */
  watch(work: Promise<unknown>): void {
    this.#unsettled.add(work);
    const remove = () => this.#unsettled.delete(work);
    work.then(remove, remove);
  }

  /**
   * Resolves once nothing adds to the cost any more, also if work was refused. Many rows are answered after that, so that the
   * main thread does not work for long between two payments.
   */
  async settled(): Promise<void> {
    do {
      await Promise.allSettled(this.#unsettled);
      await new Promise<void>(afterPromiseJobs);
    } while (this.#unsettled.size > 0);
  }
}
