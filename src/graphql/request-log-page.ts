import type { FoundPage, ViewerLogs } from '../access/viewer-logs.ts';
import type { Cursors } from '../log/cursor.ts';
import type { LogField } from '../log/fields.ts';
import type { Filter } from '../log/filter.ts';
import type { PageBound } from '../log/query.ts';
import type { RequestLog } from '../log/request-log.ts';
import { type Direction, opposite, type Position, positionOf, type SortField } from '../log/sort.ts';
import type { LogCount } from '../store/store.ts';
import { COUNT_LIMIT } from './limits.ts';
import type { PageArguments } from './page-arguments.ts';

export interface PageQuery {
  readonly filter: Filter;
  readonly sort: SortField;
  readonly direction: Direction;
  readonly page: PageArguments;
  /** Fields to read of each log. */
  readonly fields: readonly LogField[];
  /** Resolves once the operation is paid, so its rows may be answered. */
  settled(): Promise<void>;
}

/**
 * One page of a connection. Each part is queried when it is first read, so a query does only the work for the fields that
 * it selects: `totalCount` alone reads no rows, and the extra lookup for `hasNextPage` or `hasPreviousPage` runs only if the
 * field is selected.
 */
export class RequestLogPage {
  readonly #logs: ViewerLogs;
  readonly #cursors: Cursors;
  readonly #query: PageQuery;
  /** When the first page of the walk was answered; see `WalkPosition`. */
  readonly #startedAt: number;
  readonly #after: PageBound | undefined;
  readonly #before: PageBound | undefined;
  #rows: Promise<FoundPage> | undefined;
  #counted: Promise<LogCount> | undefined;

  /**
   * @throws RelaylogError BAD_USER_INPUT if a cursor is not valid; FORBIDDEN if the filter uses a field that the viewer may
   * not see.
   */
  constructor(logs: ViewerLogs, cursors: Cursors, query: PageQuery) {
    logs.requireReadable(query.filter);
    const { after, before } = query.page;
    this.#cursors = cursors;
    this.#query = query;
    const [start, end] = [cursors.decode(after), cursors.decode(before)];
    this.#after = start.position;
    this.#before = end.position;
    this.#startedAt = Math.min(start.startedAt, end.startedAt);
    this.#logs = logs;
  }

  get edges() {
    return this.#load().then(({ logs }) => logs.map((log) => new RequestLogEdge(log, this)));
  }

  get pageInfo() {
    return new PageInfo(this);
  }

  /** Counts the matching rows on all pages. Unless `exact`, counting stops at `COUNT_LIMIT`. */
  count(exact: boolean): Promise<LogCount> {
    if (exact) return this.#logs.count(this.#query.filter, null, this.#startedAt);
    this.#counted ??= this.#logs.count(this.#query.filter, COUNT_LIMIT, this.#startedAt);
    return this.#counted;
  }

  /** @param end 0: the first log; -1: the last one. If the search stopped before that end, the cursor goes on from there. */
  async cursorAt(end: 0 | -1): Promise<string | null> {
    const { logs, stoppedAt } = await this.#load();
    const isReadEnd = this.#query.page.forward === (end === -1);
    if (isReadEnd && stoppedAt !== null) return this.#cursorAt(stoppedAt);
    const log = logs.at(end);
    return log === undefined ? null : this.cursorOf(log);
  }

  cursorOf(log: RequestLog): string {
    return this.#cursorAt(positionOf(log, this.#query.sort));
  }

  /** The time down to which a search looked that stopped before its page was full; up to which, if oldest logs come first. */
  async searchedTo(): Promise<number | null> {
    const { stoppedAt } = await this.#load();
    return stoppedAt === null || this.#query.sort !== 'createdAt' ? null : stoppedAt.createdAt;
  }

  #cursorAt(position: Position): string {
    return this.#cursors.encode({ position, startedAt: this.#startedAt });
  }

  #load() {
    this.#rows ??= this.#find();
    return this.#rows;
  }

  async #find(): Promise<FoundPage> {
    const { filter, sort, direction, page, fields } = this.#query;
    const found = await this.#logs.findPage({
      filter,
      sort,
      limit: page.limit,
      fields,
      startedAt: this.#startedAt,
      ...(page.forward
        ? { direction, after: this.#after, before: this.#before }
        : { direction: opposite(direction), after: this.#before, before: this.#after }),
    });
    await this.#query.settled();
    return page.forward ? found : { ...found, logs: found.logs.toReversed() };
  }

  async hasNext(): Promise<boolean> {
    const { page, direction } = this.#query;
    const { logs, hasMore } = await this.#load();
    return (page.forward && hasMore) || this.#exists(direction, logs.at(-1), this.#before);
  }

  async hasPrevious(): Promise<boolean> {
    const { page, direction } = this.#query;
    const { logs, hasMore } = await this.#load();
    return (!page.forward && hasMore) || this.#exists(opposite(direction), logs.at(0), this.#after);
  }

  /** Returns whether rows exist beyond this end of the page. If no cursor bounds that side, there are none. */
  async #exists(direction: Direction, end: RequestLog | undefined, bound: PageBound | undefined) {
    if (bound === undefined) return false;
    const { filter, sort } = this.#query;
    const after = end === undefined ? { ...bound, inclusive: true } : positionOf(end, sort);
    const startedAt = this.#startedAt;
    const query = { filter, sort, direction, after, limit: 1, fields: [], startedAt };
    const { logs, hasMore } = await this.#logs.findPage(query);
    return logs.length > 0 || hasMore;
  }
}

/** A row of a page. Its cursor is encoded when it is read. */
class RequestLogEdge {
  readonly node: RequestLog;
  readonly #page: RequestLogPage;

  constructor(node: RequestLog, page: RequestLogPage) {
    this.node = node;
    this.#page = page;
  }

  get cursor(): string {
    return this.#page.cursorOf(this.node);
  }
}

/**
 * Position of a page. Each part is queried when it is read. This is a class because V8 creates a new shape for each object
 * literal with accessors, and the shapes keep the closures' variables in memory until a major garbage collection. The same
 * holds for every object with accessors that is created per request.
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

/** GraphQL awaits promises in fields, but Pothos' type of page info does not allow them. */
function awaited<T>(value: Promise<T>): T {
  return value as T;
}
