import type { ViewerLogs } from '../../access/viewer-logs.ts';
import { afterPromiseJobs } from '../../lib/after-promise-jobs.ts';
import type { Filter } from '../../log/filter.ts';
import type { PartAnswer } from '../../stats/answer.ts';
import { estimatedBuckets } from '../../stats/intervals.ts';
import { type CheckedPart, checkedPart, type StatsPart } from '../../stats/question.ts';
import type { OperationCost } from '../operation-cost.ts';
import { bucketsCost, FEWER_BUCKETS, lessWork, workCost } from './statistics-cost.ts';

/** A part with its answer. */
export interface AnsweredPart {
  readonly part: CheckedPart;
  readonly answer: PartAnswer;
}

interface Request {
  readonly part: Promise<StatsPart | null>;
  readonly bucketFields: number;
  readonly answered: PromiseWithResolvers<AnsweredPart | null>;
}

/**
 * Answers the parts of a question about the logs of one filter. Parts that are requested together are paid together and answered
 * by one call of the store.
 */
export class StatsBatch {
  readonly #logs: ViewerLogs;
  readonly #filter: Filter;
  readonly #cost: OperationCost;
  #requests: Request[] = [];

  constructor(logs: ViewerLogs, filter: Filter, cost: OperationCost) {
    this.#logs = logs;
    this.#filter = filter;
    this.#cost = cost;
  }

  /**
   * Requests a part. Errors of its arguments reject it alone; other errors reject all parts that were requested together.
   *
   * @param part null if there is nothing to answer after all. The store is called once every part is known.
   * @param bucketFields number of fields that are selected of each bucket.
   */
  ask(part: StatsPart): Promise<AnsweredPart>;
  ask(part: Promise<StatsPart | null>, bucketFields: number): Promise<AnsweredPart | null>;
  ask(part: StatsPart | Promise<StatsPart | null>, bucketFields = 0): Promise<AnsweredPart | null> {
    if (this.#requests.length === 0) afterPromiseJobs(() => this.#send());
    const request = {
      part: Promise.resolve(part),
      bucketFields,
      answered: Promise.withResolvers<AnsweredPart | null>(),
    };
    // `#send` handles an error of the part, but not before the promise jobs of now are done.
    request.part.catch(() => undefined);
    this.#requests.push(request);
    this.#cost.watch(request.answered.promise);
    return request.answered.promise;
  }

  #send(): void {
    const requests = this.#requests;
    this.#requests = [];
    this.#answer(requests).catch((error: unknown) => {
      for (const { answered } of requests) answered.reject(error);
    });
  }

  async #answer(requests: readonly Request[]): Promise<void> {
    const known = await settledParts(requests);
    // Computing buckets takes time, so they are paid before.
    const fields = known.reduce((sum, { part, bucketFields }) => sum + bucketFields * bucketsIn(part), 0);
    await this.#cost.add(bucketsCost(fields), FEWER_BUCKETS);
    const parts = new Map<string, CheckedPart>();
    const waiting: { readonly key: string; readonly answered: Request['answered'] }[] = [];
    for (const { part, answered } of known) {
      const key = JSON.stringify(part);
      try {
        parts.set(key, parts.get(key) ?? checkedPart(part));
        waiting.push({ key, answered });
      } catch (error) {
        answered.reject(error);
      }
    }
    if (parts.size === 0) return;
    const answers = await this.#logs.stats(this.#filter, [...parts.values()], (work) =>
      this.#cost.add(workCost(work), lessWork(work)),
    );
    const answeredParts = new Map([...parts].map(([key, part], i) => [key, { part, answer: answers[i]! }]));
    for (const { key, answered } of waiting) answered.resolve(answeredParts.get(key)!);
  }
}

interface KnownRequest extends Omit<Request, 'part'> {
  readonly part: StatsPart;
}

/** Settles the requests whose part failed or is null, and returns the others. */
async function settledParts(requests: readonly Request[]): Promise<KnownRequest[]> {
  const parts = await Promise.allSettled(requests.map(({ part }) => part));
  const known: KnownRequest[] = [];
  for (const [i, result] of parts.entries()) {
    const { answered, bucketFields } = requests[i]!;
    if (result.status === 'rejected') answered.reject(result.reason);
    else if (result.value === null) answered.resolve(null);
    else known.push({ part: result.value, bucketFields, answered });
  }
  return known;
}

/** About the number of buckets in the answer. */
function bucketsIn({ groups, buckets }: StatsPart): number {
  if (buckets === null) return 0;
  return (groups?.keys.length ?? 1) * estimatedBuckets(buckets, buckets.interval);
}
