import type { LogWith } from '../log/request-log.ts';
import { binOf } from './duration-bins.ts';
import { type Durations, DurationsSum } from './durations.ts';
import { CLIENT_ERROR, classDigitOf, SERVER_ERROR } from './status-class.ts';

/** What is counted of a set of logs. Measures of disjoint sets can be merged. */
export interface Measures {
  readonly count: number;
  /** Logs with a status code from 400 to 499. */
  readonly clientErrorCount: number;
  /** Logs with a status code from 500 to 599. */
  readonly serverErrorCount: number;
  readonly billedUnits: number;
  /** Unix milliseconds; null if the count is 0. */
  readonly firstCreatedAt: number | null;
  /** Unix milliseconds; null if the count is 0. */
  readonly lastCreatedAt: number | null;
  readonly durations: Durations;
}

/** The fields of a log that measures are made from. */
export const MEASURED_FIELDS = ['createdAt', 'statusCode', 'billedUnits', 'durationMs'] as const;

export type MeasuredLog = LogWith<(typeof MEASURED_FIELDS)[number]>;

/** Collects measures, from logs and from measures of other sets. Their order has no effect on the result. */
export class MeasuresSum {
  #count = 0;
  #clientErrorCount = 0;
  #serverErrorCount = 0;
  #billedUnits = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  readonly #durations = new DurationsSum();

  add({ createdAt, statusCode, billedUnits, durationMs }: MeasuredLog): void {
    this.addLog(createdAt, statusCode, billedUnits, durationMs);
  }

  /**
   * Like `add`, without an object for each log.
   *
   * @param bin the bin of the duration, for a log that is added to many sums.
   */
  addLog(
    createdAt: number,
    statusCode: number,
    billedUnits: number,
    durationMs: number | null,
    bin: number = durationMs === null ? 0 : binOf(durationMs),
  ): void {
    const classDigit = classDigitOf(statusCode);
    this.#count++;
    if (classDigit === CLIENT_ERROR) this.#clientErrorCount++;
    if (classDigit === SERVER_ERROR) this.#serverErrorCount++;
    this.#billedUnits += billedUnits;
    if (createdAt < this.#first) this.#first = createdAt;
    if (createdAt > this.#last) this.#last = createdAt;
    if (durationMs !== null) this.#durations.add(durationMs, bin);
  }

  merge(part: Measures): void {
    if (part.firstCreatedAt === null || part.lastCreatedAt === null) return;
    this.#count += part.count;
    this.#clientErrorCount += part.clientErrorCount;
    this.#serverErrorCount += part.serverErrorCount;
    this.#billedUnits += part.billedUnits;
    if (part.firstCreatedAt < this.#first) this.#first = part.firstCreatedAt;
    if (part.lastCreatedAt > this.#last) this.#last = part.lastCreatedAt;
    this.#durations.merge(part.durations);
  }

  result(): Measures {
    const empty = this.#count === 0;
    return {
      count: this.#count,
      clientErrorCount: this.#clientErrorCount,
      serverErrorCount: this.#serverErrorCount,
      billedUnits: this.#billedUnits,
      firstCreatedAt: empty ? null : this.#first,
      lastCreatedAt: empty ? null : this.#last,
      durations: this.#durations.result(),
    };
  }
}

/** Client errors by count, 0 to 1; null if the count is 0. */
export function clientErrorRate({ clientErrorCount, count }: Measures): number | null {
  return count === 0 ? null : clientErrorCount / count;
}

/** Server errors by count, 0 to 1; null if the count is 0. */
export function serverErrorRate({ serverErrorCount, count }: Measures): number | null {
  return count === 0 ? null : serverErrorCount / count;
}
