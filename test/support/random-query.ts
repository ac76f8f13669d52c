import type { GeneratorValue } from 'fast-check';
import { LOG_FIELDS } from '../../src/log/fields.ts';
import { uniform } from '../long/uniform.ts';

/** Existing ids and cursors, so that a random query finds data. */
export interface KnownValues {
  readonly cursors: readonly string[];
  readonly globalIds: readonly string[];
  readonly requestIds: readonly string[];
}

const SHOWN_FIELDS = ['id', 'outcome', '__typename', 'requestHeaders', 'responseBody', ...LOG_FIELDS];
const CONNECTION_FIELDS = ['totalCount', 'totalCountApproximate', '__typename', 'totalCount(exact: $yes)'];
const STATS_ARGUMENTS = ['', '(filter: $filter)', '(filter: { statusClass: { ne: "2xx" } })'];
const BUCKET_ARGUMENTS = [
  'interval: HOUR',
  'interval: DAY, timeZone: "Europe/Berlin"',
  'interval: FIFTEEN_MINUTES, timeZone: "Asia/Kathmandu", from: "2026-04-18T00:00:00Z"',
  'interval: MONTH, from: "2026-04-18T00:00:00Z", to: "2026-05-18T00:00:00Z"',
  'interval: MINUTE',
  'interval: DAY, from: "2026-04-18T00:00:00Z", to: "2026-04-18T00:00:00Z"',
];
const GROUP_ARGUMENTS = [
  'by: [METHOD]',
  'by: [STATUS_CLASS, ENDPOINT_TYPE], top: 3',
  'by: [ROUTE_PATTERN], search: "/v1", orderBy: { measure: DURATION_P95, direction: DESC }',
  'by: [ERROR_TYPE], top: $first',
  'by: [METHOD, METHOD]',
];
const MEASURES = [
  'count',
  'clientErrorRate',
  'serverErrorCount',
  'firstCreatedAt',
  'billedUnits',
  '__typename',
];
const DURATIONS = [
  'count',
  'sum',
  'min',
  'mean',
  'p50',
  'p99',
  'low: percentile(p: 12.5)',
  'percentile(p: 100)',
  '__typename',
];
const PAGE_INFO = ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor', '__typename'];

/**
 * A valid random query that uses every feature of GraphQL queries: variables, aliases, repeated fields, fragments of each kind, and
 * conditions. Most of its variable values are valid.
 */
export class RandomQuery {
  readonly #g: GeneratorValue;
  readonly #known: KnownValues;
  readonly #fragments: string[] = [];
  #aliases = 0;

  constructor(g: GeneratorValue, known: KnownValues) {
    this.#g = g;
    this.#known = known;
  }

  body(): { query: string; variables: object; operationName?: string } {
    const roots = this.#some(1, 3, () => this.#root()).join(' ');
    const query = `query Q($yes: Boolean!, $no: Boolean! = false, $first: Int, $after: String, $filter: RequestLogFilter, $sort: RequestLogSort, $requestId: String!, $ids: [ID!]!)
      { ${roots} used: __typename @include(if: $yes) @skip(if: $no) ...Unused }
      fragment Unused on Query { viewer @include(if: $no) { limits { maxPageSize } } unused: requestLogs(first: $first, after: $after, filter: $filter, sort: $sort) @skip(if: true) { __typename } requestLog(requestId: $requestId) @include(if: false) { id } nodes(ids: $ids) @include(if: false) { id } }
      ${this.#fragments.join('\n')}`;
    const variables = {
      yes: this.#chance(60),
      ...(this.#chance(50) ? { no: this.#chance(50) } : {}),
      first: this.#pick([null, 1, 2, 7, 20, 100, 0, 101]),
      after: this.#chance(25) ? this.#pick(this.#known.cursors) : null,
      filter: this.#filter(),
      sort: this.#chance(50)
        ? null
        : {
            field: this.#pick(['CREATED_AT', 'DURATION_MS', 'STATUS_CODE']),
            direction: this.#pick(['ASC', 'DESC']),
          },
      requestId: this.#pick(this.#known.requestIds),
      ids: this.#some(0, 3, () => this.#pick(this.#known.globalIds)),
    };
    return { query, variables, ...(this.#chance(50) ? { operationName: 'Q' } : {}) };
  }

  #root(): string {
    const kind = this.#number(0, 13);
    if (kind > 9)
      return `s${this.#aliases++}: requestLogStats${this.#pick(STATS_ARGUMENTS)}${this.#condition()} { ${this.#stats()} }`;
    if (kind < 6) {
      const args = this.#pick([
        'first: $first, after: $after, filter: $filter, sort: $sort',
        'first: 5, filter: $filter',
        'last: 3',
        'first: $first, sort: $sort',
        'filter: { outcome: CLIENT_ERROR }',
      ]);
      return `r${this.#aliases++}: requestLogs(${args})${this.#condition()} { ${this.#connection()} }`;
    }
    if (kind < 7)
      return `${this.#alias()}requestLog(requestId: $requestId)${this.#condition()} { ${this.#log(0)} }`;
    if (kind < 8)
      return `${this.#alias()}nodes(ids: $ids) { __typename ... on RequestLog { ${this.#log(0)} } }`;
    return `${this.#alias()}viewer${this.#condition()} { organizationId plan scopes visibleFrom ${this.#alias()}limits { maxPageSize maxQueryDepth ${this.#chance(30) ? 'queryCost' : ''} } }`;
  }

  #stats(): string {
    return this.#some(1, 4, () => {
      const kind = this.#number(0, 9);
      if (kind < 3) return this.#measures();
      if (kind < 5) return this.#buckets();
      if (kind < 6) return this.#pick(['id', 'percentileRelativeError', '__typename']);
      return `g${this.#aliases++}: groups(${this.#pick(GROUP_ARGUMENTS)})${this.#condition()} { ${this.#groups()} }`;
    }).join(' ');
  }

  #groups(): string {
    return this.#some(1, 3, () => {
      const kind = this.#number(0, 3);
      if (kind === 0) return 'groupCount';
      if (kind === 1) return `o${this.#aliases++}: other { ${this.#pick(MEASURES)} }`;
      return `nodes { ${this.#some(1, 4, () => {
        const part = this.#number(0, 5);
        if (part === 0) return this.#measures();
        if (part === 1) return this.#buckets();
        if (part === 2) return `l${this.#aliases++}: sampleRequestLog { ${this.#log(2)} }`;
        return this.#pick(['id', 'filter', 'key { dimension value }', '__typename']);
      }).join(' ')} }`;
    }).join(' ');
  }

  #buckets(): string {
    const selection = `id from to ${this.#measures()}`;
    return `b${this.#aliases++}: buckets(${this.#pick(BUCKET_ARGUMENTS)})${this.#condition()} { ${selection} }`;
  }

  #measures(): string {
    const durations = `durationMs { ${this.#some(1, 3, () => this.#pick(DURATIONS)).join(' ')} }`;
    return `measures${this.#condition()} { ${this.#some(1, 3, () => this.#pick(MEASURES)).join(' ')} ${this.#chance(50) ? durations : ''} }`;
  }

  #connection(): string {
    return this.#some(1, 4, () => {
      const kind = this.#number(0, 9);
      if (kind < 5)
        return `edges${this.#condition()} { ${this.#some(1, 3, () => (this.#chance(60) ? `node { ${this.#log(0)} }` : this.#pick(['cursor', '__typename']))).join(' ')} }`;
      if (kind < 7) return `${this.#alias()}nodes { ${this.#log(0)} }`;
      if (kind < 9)
        return `pageInfo${this.#condition()} { ${this.#some(1, 4, () => this.#pick(PAGE_INFO)).join(' ')} }`;
      return `${this.#alias()}${this.#pick(CONNECTION_FIELDS)}`;
    }).join(' ');
  }

  #log(depth: number): string {
    return this.#some(1, 6, () => {
      const kind = this.#number(0, 11);
      if (kind < 9 || depth > 2)
        return `${this.#chance(20) ? this.#alias() : ''}${this.#pick(SHOWN_FIELDS)}${this.#condition()}`;
      if (kind === 9)
        return `... on ${this.#pick(['RequestLog', 'Node'])}${this.#condition()} { ${this.#nodeSelection(depth)} }`;
      if (kind === 10) return `...${this.#condition()} { ${this.#log(depth + 1)} }`;
      const name = `F${this.#fragments.length}`;
      this.#fragments.push('');
      this.#fragments[Number(name.slice(1))] = `fragment ${name} on RequestLog { ${this.#log(depth + 1)} }`;
      return `...${name}${this.#condition()} ...${name}`;
    }).join(' ');
  }

  #nodeSelection(depth: number): string {
    return `id ... on RequestLog { ${this.#log(depth + 1)} }`;
  }

  #filter(): object | null {
    if (this.#chance(40)) return null;
    return this.#pick<object>([
      {},
      { statusCode: { gte: 400 } },
      { method: { in: ['GET', 'POST'] }, durationMs: { ne: null } },
      { or: [{ outcome: 'SERVER_ERROR' }, { path: { contains: '/' } }] },
      { ipAddress: { startsWith: '1' } },
      { search: 'nothing of the kind' },
      { nonsense: 1 },
    ]);
  }

  #condition(): string {
    if (!this.#chance(8)) return '';
    return ` @${this.#pick(['include', 'skip'])}(if: ${this.#pick(['$yes', '$no', 'true', 'false'])})`;
  }

  #alias(): string {
    return this.#chance(70) ? `a${this.#aliases++}: ` : '';
  }

  #some<T>(min: number, max: number, one: () => T): T[] {
    return Array.from({ length: this.#number(min, max) }, one);
  }

  #chance(percent: number): boolean {
    return this.#number(0, 99) < percent;
  }

  #number(min: number, max: number): number {
    return this.#g(uniform, min, max);
  }

  #pick<T>(all: readonly T[]): T {
    return all[this.#number(0, all.length - 1)]!;
  }
}
