/** Bounds of one filter; past them the answer is an error that states them. */
export const FILTER_LIMITS = { conditions: 100, depth: 10, listLength: 100, textLength: 1024 } as const;

/** Rows of a page, and ids of one `nodes`. */
export const PAGE_LIMITS = { default: 50, max: 100 } as const;

/** `totalCount` counts up to here unless asked for exactly. */
export const COUNT_LIMIT = 10_000;

/** Bounds of one query, as the operator set them; past them it is refused before anything is read. */
export interface QueryLimits {
  /** Levels of fields. */
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxDirectives: number;
  /** Words and signs of the query's text. */
  readonly maxTokens: number;
  /** What a query may cost: about one for each field of each row. */
  readonly maxCost: number;
}

/** Every bound that an operator set, on any API. */
export interface Limits extends QueryLimits {
  /** Bytes of one GraphQL request. */
  readonly maxQueryBytes: number;
  readonly maxIngestBytes: number;
  readonly maxIngestLogs: number;
  /** Bytes of one stored body. */
  readonly maxBodyBytes: number;
}

/** What costs more than a plain field. */
export const COSTS = { payload: 5, count: 50, exactCount: 1_000 } as const;
