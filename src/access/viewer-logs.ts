import type { LogField } from '../log/fields.ts';
import type { Filter } from '../log/filter.ts';
import type { LogQuery, LogScope } from '../log/query.ts';
import type { LogWith, RequestLog, RequestLogPayload } from '../log/request-log.ts';
import { visibleFrom } from '../retention/window.ts';
import type { LogCount, LogStore } from '../store/store.ts';
import { sensitiveFieldOf, withoutSensitive } from './sensitive.ts';
import { requireScope, type Viewer } from './viewer.ts';

/**
 * The logs that one viewer may see: the only way from an API to the store's logs. Organization and retention window are
 * set here and nowhere else, from the credential alone; no question can widen them. Without the scope `logs:sensitive`,
 * logs are shown without what is sensitive, and cannot be searched by it.
 */
export class ViewerLogs {
  readonly #store: LogStore;
  readonly #viewer: Viewer;
  readonly #scope: LogScope;

  /** @param now Unix milliseconds: the window is the one at this time. */
  constructor(store: LogStore, viewer: Viewer, now: number) {
    this.#store = store;
    this.#viewer = viewer;
    this.#scope = { organizationId: viewer.organizationId, visibleFrom: visibleFrom(viewer.plan, now) };
  }

  /** @throws RelaylogError FORBIDDEN if a filter asks about what the viewer may not see. */
  requireReadable(filter: Filter): void {
    if (sensitiveFieldOf(filter) !== undefined) requireScope(this.#viewer, 'logs:sensitive');
  }

  /** Of each log, what is asked for. @throws RelaylogError FORBIDDEN, as `requireReadable`. */
  async find<F extends LogField = LogField>(
    question: Omit<LogQuery, 'scope'> & { readonly fields?: readonly F[] | undefined },
  ): Promise<LogWith<F>[]> {
    this.requireReadable(question.filter);
    const logs = await this.#store.find({ ...question, scope: this.#scope });
    return this.#seesSensitive ? logs : logs.map(withoutSensitive);
  }

  /** One page, and whether more logs follow it; a second execution gets the same object. @throws RelaylogError FORBIDDEN, as `requireReadable`. */
  async findPage<F extends LogField = LogField>(
    question: Omit<LogQuery, 'scope'> & { readonly fields?: readonly F[] | undefined },
  ): Promise<{ readonly logs: readonly LogWith<F>[]; readonly hasMore: boolean }> {
    const { limit } = question;
    const found = await this.find({ ...question, limit: limit + 1 });
    return { logs: found.slice(0, limit), hasMore: found.length > limit };
  }

  /** Stops after `limit` if one is given. @throws RelaylogError FORBIDDEN, as `requireReadable`. */
  async count(filter: Filter, limit: number | null): Promise<LogCount> {
    this.requireReadable(filter);
    return this.#store.count(this.#scope, filter, limit);
  }

  /** In the order of the ids; null for what the viewer may not see, which looks like what does not exist. */
  async findByIds(ids: readonly string[]): Promise<(RequestLog | null)[]> {
    const logs = await this.#store.findByIds(this.#scope, ids);
    return logs.map((log) => this.#shown(log));
  }

  /** @param requestId without its prefix. */
  async findByRequestId(requestId: string): Promise<RequestLog | null> {
    return this.#shown(await this.#store.findByRequestId(this.#scope, requestId));
  }

  /** In the order of the ids; null for a log without payload, and for all of them if the viewer may not see any. */
  async payloads(ids: readonly string[]): Promise<(RequestLogPayload | null)[]> {
    return this.#seesSensitive ? this.#store.payloads(this.#scope, ids) : ids.map(() => null);
  }

  get #seesSensitive(): boolean {
    return this.#viewer.scopes.has('logs:sensitive');
  }

  #shown(log: RequestLog | null): RequestLog | null {
    return log === null || this.#seesSensitive ? log : withoutSensitive(log);
  }
}
