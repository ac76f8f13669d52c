import type { ViewerLogs } from '../access/viewer-logs.ts';
import type { Cursors } from '../log/cursor.ts';
import type { LogField } from '../log/fields.ts';
import type { Filter } from '../log/filter.ts';
import type { PageBound } from '../log/query.ts';
import type { RequestLog } from '../log/request-log.ts';
import { type Direction, opposite, positionOf, type SortField } from '../log/sort.ts';
import type { LogCount } from '../store/store.ts';
import { COUNT_LIMIT } from './limits.ts';
import type { PageArguments } from './page-arguments.ts';

export interface PageQuestion {
  readonly filter: Filter;
  readonly sort: SortField;
  readonly direction: Direction;
  readonly page: PageArguments;
  /** What is shown of each log; the page reads no more of them. */
  readonly fields: readonly LogField[];
}

/**
 * One page of a connection. Each part is asked of the store when it is first read, so that a query pays for what it
 * selects: `totalCount` alone reads no rows, and a flag that needs a look the other way is looked up only if selected.
 */
export class RequestLogPage {
  readonly #logs: ViewerLogs;
  readonly #cursors: Cursors;
  readonly #question: PageQuestion;
  readonly #after: PageBound | undefined;
  readonly #before: PageBound | undefined;
  #rows: Promise<{ logs: readonly RequestLog[]; hasMore: boolean }> | undefined;
  #counted: Promise<LogCount> | undefined;

  /** @throws RelaylogError if a cursor is wrong, or the filter asks about what the viewer may not see. */
  constructor(logs: ViewerLogs, cursors: Cursors, question: PageQuestion) {
    logs.requireReadable(question.filter);
    const { after, before } = question.page;
    this.#logs = logs;
    this.#cursors = cursors;
    this.#question = question;
    this.#after = after === null ? undefined : cursors.decode(after);
    this.#before = before === null ? undefined : cursors.decode(before);
  }

  get edges() {
    return this.#load().then(({ logs }) =>
      logs.map((log) => new RequestLogEdge(log, this.#question.sort, this.#cursors)),
    );
  }

  get pageInfo() {
    return new PageInfo(this);
  }

  /** How many rows match, over all pages: at most `COUNT_LIMIT` unless exactly. */
  count(exact: boolean): Promise<LogCount> {
    if (exact) return this.#logs.count(this.#question.filter, null);
    this.#counted ??= this.#logs.count(this.#question.filter, COUNT_LIMIT);
    return this.#counted;
  }

  async cursorAt(end: 0 | -1): Promise<string | null> {
    const { logs } = await this.#load();
    const log = logs.at(end);
    return log === undefined ? null : this.#cursors.encode(positionOf(log, this.#question.sort));
  }

  #load() {
    this.#rows ??= this.#find();
    return this.#rows;
  }

  async #find() {
    const { filter, sort, direction, page, fields } = this.#question;
    const { logs, hasMore } = await this.#logs.findPage({
      filter,
      sort,
      limit: page.limit,
      fields,
      ...(page.forward
        ? { direction, after: this.#after, before: this.#before }
        : { direction: opposite(direction), after: this.#before, before: this.#after }),
    });
    return { logs: page.forward ? logs : logs.toReversed(), hasMore };
  }

  async hasNext(): Promise<boolean> {
    const { page, direction } = this.#question;
    const { logs, hasMore } = await this.#load();
    return (page.forward && hasMore) || this.#exists(direction, logs.at(-1), this.#before);
  }

  async hasPrevious(): Promise<boolean> {
    const { page, direction } = this.#question;
    const { logs, hasMore } = await this.#load();
    return (!page.forward && hasMore) || this.#exists(opposite(direction), logs.at(0), this.#after);
  }

  /** Whether rows lie beyond this end of the page. Where no cursor bounds that side, the page reaches to the end. */
  async #exists(direction: Direction, end: RequestLog | undefined, bound: PageBound | undefined) {
    if (bound === undefined) return false;
    const { filter, sort } = this.#question;
    const after = end === undefined ? { ...bound, inclusive: true } : positionOf(end, sort);
    return (await this.#logs.find({ filter, sort, direction, after, limit: 1, fields: [] })).length > 0;
  }
}

/** A row of a page; its cursor is made when it is read. */
class RequestLogEdge {
  readonly node: RequestLog;
  readonly #sort: SortField;
  readonly #cursors: Cursors;

  constructor(node: RequestLog, sort: SortField, cursors: Cursors) {
    this.node = node;
    this.#sort = sort;
    this.#cursors = cursors;
  }

  get cursor(): string {
    return this.#cursors.encode(positionOf(this.node, this.#sort));
  }
}

/**
 * Where a page lies, each part looked up when it is read. A class, as every object that is made for each request and has
 * accessors: of a literal with accessors V8 makes a shape for each, and keeps what they close over until a full collection.
 */
class PageInfo {
  readonly #page: RequestLogPage;

  constructor(page: RequestLogPage) {
    this.#page = page;
  }

  get hasNextPage(): boolean {
    return awaited(this.#page.hasNext());
  }

  get hasPreviousPage(): boolean {
    return awaited(this.#page.hasPrevious());
  }

  get startCursor(): string | null {
    return awaited(this.#page.cursorAt(0));
  }

  get endCursor(): string | null {
    return awaited(this.#page.cursorAt(-1));
  }
}

/** GraphQL awaits what a field holds; the shape that Pothos gives page info does not say so. */
function awaited<T>(value: Promise<T>): T {
  return value as T;
}
