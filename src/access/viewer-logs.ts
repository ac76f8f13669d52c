import type { Filter } from '../log/filter.ts';
import type { LogQuery, LogScope } from '../log/query.ts';
import type { RequestLog, RequestLogPayload } from '../log/request-log.ts';
import type { LogCount, LogStore } from '../store/store.ts';
import { visibleFrom } from './plans.ts';
import type { Viewer } from './viewer.ts';

/**
 * The logs that one viewer may see: the only way from a face to the store's logs. Organization and retention window are
 * set here and nowhere else, from the credential alone; no question can widen them.
 */
export class ViewerLogs {
  readonly #store: LogStore;
  readonly #scope: LogScope;

  /** @param now Unix milliseconds: the window is the one at this time. */
  constructor(store: LogStore, viewer: Viewer, now: number) {
    this.#store = store;
    this.#scope = { organizationId: viewer.organizationId, visibleFrom: visibleFrom(viewer.plan, now) };
  }

  find(question: Omit<LogQuery, 'scope'>): Promise<RequestLog[]> {
    return this.#store.find({ ...question, scope: this.#scope });
  }

  /** Stops after `limit` where one is given. */
  count(filter: Filter, limit: number | null): Promise<LogCount> {
    return this.#store.count(this.#scope, filter, limit);
  }

  /** In the order of the ids; null for what the viewer may not see, which looks like what does not exist. */
  findByIds(ids: readonly string[]): Promise<(RequestLog | null)[]> {
    return this.#store.findByIds(this.#scope, ids);
  }

  /** @param requestId without its prefix. */
  findByRequestId(requestId: string): Promise<RequestLog | null> {
    return this.#store.findByRequestId(this.#scope, requestId);
  }

  payloads(ids: readonly string[]): Promise<(RequestLogPayload | null)[]> {
    return this.#store.payloads(this.#scope, ids);
  }
}
