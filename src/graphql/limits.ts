/** Limits of one filter. A filter above a limit is rejected with an error that states the limit. */
export const FILTER_LIMITS = {
  conditions: 100,
  depth: 10,
  listLength: 100,
  textLength: 1024,
  /** Characters of a text that a field equals or does not equal. No stored value of a filtered field is longer, so each can be used. */
  equalTextLength: 32_768,
} as const;

/** Number of rows on a page; `max` also limits the ids of one `nodes` field. */
export const PAGE_LIMITS = { default: 50, max: 100 } as const;

/** Number of groups in a list of groups, unless `top` is given. */
export const DEFAULT_TOP = 10;

/** Limits that keep validation fast, whatever is configured. No query that a person or a compiler writes comes near them. */
export const VALIDATION_LIMITS = {
  /** Steps of `mergeConflict`; a usual query takes about three for each field. */
  mergeSteps: 20_000,
  /** Characters of one name or alias. */
  nameLength: 255,
  /** Characters of all strings in a query together. */
  stringLength: 20_000,
  /** Operations in one document. */
  operations: 50,
  /** Validation errors in one response. */
  errors: 10,
} as const;

/** `totalCount` stops counting here unless `exact` is true. */
export const COUNT_LIMIT = 10_000;

/** Configured limits of one query. A query above a limit is rejected before any log is read. */
export interface QueryLimits {
  /** Levels of nested fields. */
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxDirectives: number;
  /** Lexical tokens. */
  readonly maxTokens: number;
  /** Maximum cost: about 1 for each field of each row. */
  readonly maxCost: number;
}

/** All configured limits that `viewer.limits` returns. */
export interface Limits extends QueryLimits {
  /** Bytes of one GraphQL request. */
  readonly maxQueryBytes: number;
  readonly maxIngestBytes: number;
  readonly maxIngestLogs: number;
  /** Bytes of one recorded body; a longer one is truncated. */
  readonly maxBodyBytes: number;
}

/** Costs of the fields that cost more than 1. `statistics`: one `requestLogStats`; `statisticsPart`: each question in it. */
export const COSTS = {
  payload: 5,
  count: 50,
  exactCount: 1_000,
  statistics: 100,
  statisticsPart: 10,
  usage: 50,
} as const;

/**
 * What the statistics of a query cost in addition, once it is known how much is read and returned: each number is what costs 1.
 * It is charged before the store reads it.
 */
export const STATISTICS_UNITS = {
  /** Fields of buckets, each counted for each bucket. */
  bucketFields: 10,
  /** Cells of roll-ups that are read. */
  cells: 10,
  /** Logs that are read because no roll-up holds the answer. */
  logs: 1_000,
} as const;
