import type { LogField } from '../log/fields.ts';
import type { Filter } from '../log/filter.ts';
import type { LogQuery, LogScope } from '../log/query.ts';
import type { LogWith, RequestLog, RequestLogPayload } from '../log/request-log.ts';
import { type Position, positionOf } from '../log/sort.ts';
import { visibleInAnyWalk, visibleInWalk } from '../retention/window.ts';
import type { PartAnswer } from '../stats/answer.ts';
import type { TimeRange } from '../stats/intervals.ts';
import type { CheckedPart } from '../stats/question.ts';
import type { StatsWork } from '../stats/work.ts';
import { countExactly, countWithin } from '../store/count-within.ts';
import { findWithin } from '../store/find-within.ts';
import type { LogCount, LogStore } from '../store/store.ts';
import { timeWindow } from '../store/time-window.ts';
import type { UsageQuestion, UsageRow } from '../usage/usage.ts';
import { sensitiveFieldOf, withoutSensitive } from './sensitive.ts';
import { requireScope, type Viewer } from './viewer.ts';

/** A query for logs of the viewer. */
type ViewerQuery<F extends LogField> = Omit<LogQuery, 'scope'> & {
  readonly fields?: readonly F[] | undefined;
  /** When the first page of the walk was answered, in Unix milliseconds. Default: now. See `WalkPosition`. */
  readonly startedAt?: number;
};

/** One page of the viewer's logs. */
export interface FoundPage<F extends LogField = LogField> {
  readonly logs: readonly LogWith<F>[];
  /** Whether logs follow, or can follow because the search stopped. */
  readonly hasMore: boolean;
  /** Where the next page begins; null if the page is empty and nothing follows. */
  readonly end: Position | null;
  /** Where the search stopped because its time was up, before the page was full; null if it did not. */
  readonly stoppedAt: Position | null;
}

/**
 * The logs that one viewer may see. APIs read logs only through this class. It limits every query to the viewer's
 * organization and retention window, which come from the credential alone. Without the scope `logs:sensitive`, sensitive
 * fields are null and cannot be used in filters.
 */
export class ViewerLogs {
  readonly #store: LogStore;
  readonly #viewer: Viewer;
  readonly #now: number;

  /** @param now time for which the retention window is computed, in Unix milliseconds. */
  constructor(store: LogStore, viewer: Viewer, now: number) {
    this.#store = store;
    this.#viewer = viewer;
    this.#now = now;
  }

  /** @throws RelaylogError FORBIDDEN if a filter uses a field that the viewer may not see. */
  requireReadable(filter: Filter): void {
    if (sensitiveFieldOf(filter) !== undefined) requireScope(this.#viewer, 'logs:sensitive');
  }

  /** Returns the requested fields of each matching log. @throws RelaylogError FORBIDDEN, as `requireReadable`. */
  async find<F extends LogField = LogField>({ startedAt, ...query }: ViewerQuery<F>): Promise<LogWith<F>[]> {
    this.requireReadable(query.filter);
    const logs = await this.#store.find({ ...query, scope: this.#scope(startedAt) });
    return this.#canReadSensitive ? logs : logs.map(withoutSensitive);
  }

  /**
   * Returns one page. A replayed call gets the same object, so it must not be modified.
   *
   * @throws RelaylogError FORBIDDEN, as `requireReadable`.
   */
  async findPage<F extends LogField = LogField>({
    startedAt,
    ...query
  }: ViewerQuery<F>): Promise<FoundPage<F>> {
    this.requireReadable(query.filter);
    const { limit, sort } = query;
    const { logs: found, stoppedAt } = await findWithin(this.#store, {
      ...query,
      limit: limit + 1,
      scope: this.#scope(startedAt),
    });
    const logs = found.slice(0, limit);
    const last = logs.at(-1);
    return {
      logs: this.#canReadSensitive ? logs : logs.map(withoutSensitive),
      hasMore: found.length > limit || stoppedAt !== null,
      end: stoppedAt ?? (last === undefined ? null : positionOf(last, sort)),
      stoppedAt,
    };
  }

  /**
   * Counts matching logs and stops at `limit`, or when its time is up. Null: counts all of them.
   *
   * @param startedAt as in `ViewerQuery`.
   * @throws RelaylogError FORBIDDEN, as `requireReadable`.
   */
  async count(filter: Filter, limit: number | null, startedAt?: number): Promise<LogCount> {
    this.requireReadable(filter);
    const scope = this.#scope(startedAt);
    if (limit !== null) return countWithin(this.#store, scope, filter, limit);
    return { count: await countExactly(this.#store, scope, filter), exact: true };
  }

  /**
   * Answers the parts of a question about the matching logs, in their order.
   *
   * @param pay is called before the answer is computed, with what that reads at most; it throws to refuse the question.
   * @throws RelaylogError FORBIDDEN, as `requireReadable`; BAD_USER_INPUT if a part has too many groups and buckets.
   */
  async stats(
    filter: Filter,
    parts: readonly CheckedPart[],
    pay: (work: StatsWork) => Promise<void>,
  ): Promise<PartAnswer[]> {
    this.requireReadable(filter);
    await pay(await this.#store.statsWork(this.#scope(), filter, parts));
    return this.#store.stats(this.#scope(), filter, parts);
  }

  /**
   * The usage of the viewer's organization. Days count as a whole, also before the retention window.
   *
   * @throws RelaylogError FORBIDDEN without the scope `billing:read`.
   */
  async usage(question: UsageQuestion): Promise<UsageRow[]> {
    requireScope(this.#viewer, 'billing:read');
    return this.#store.usage(this.#viewer.organizationId, question);
  }

  /** The range of time in which logs can match a filter, within the retention window; see `timeWindow`. */
  timeWindow(filter: Filter): TimeRange {
    return timeWindow(this.#scope(), filter);
  }

  /** Returns logs in the order of the ids; null for each that does not exist or that the viewer may not see. */
  async findByIds(ids: readonly string[]): Promise<(RequestLog | null)[]> {
    const logs = await this.#store.findByIds(this.#scope(), ids);
    return logs.map((log) => this.#masked(log));
  }

  /** Returns null if the log does not exist or the viewer may not see it. @param requestId without its prefix. */
  async findByRequestId(requestId: string): Promise<RequestLog | null> {
    return this.#masked(await this.#store.findByRequestId(this.#scope(), requestId));
  }

  /**
   * Returns payloads in the order of the ids; null for a log without one, and for all without the scope `logs:sensitive`.
   *
   * @param ids of logs that were read before, also by a walk that keeps an earlier window.
   */
  async payloads(ids: readonly string[]): Promise<(RequestLogPayload | null)[]> {
    if (!this.#canReadSensitive) return ids.map(() => null);
    const { organizationId, plan } = this.#viewer;
    return this.#store.payloads({ organizationId, visibleFrom: visibleInAnyWalk(plan, this.#now) }, ids);
  }

  #scope(startedAt = this.#now): LogScope {
    const { organizationId, plan } = this.#viewer;
    return { organizationId, visibleFrom: visibleInWalk(plan, startedAt, this.#now) };
  }

  get #canReadSensitive(): boolean {
    return this.#viewer.scopes.has('logs:sensitive');
  }

  #masked(log: RequestLog | null): RequestLog | null {
    return log === null || this.#canReadSensitive ? log : withoutSensitive(log);
  }
}
