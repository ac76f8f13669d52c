/** Bounds of one filter; past them the answer is an error that states them. */
export const FILTER_LIMITS = { conditions: 100, depth: 10, listLength: 100, textLength: 1024 } as const;

/** Rows of a page, and ids of one `nodes`. */
export const PAGE_LIMITS = { default: 50, max: 100 } as const;

/** `totalCount` counts up to here unless asked for exactly. */
export const COUNT_LIMIT = 10_000;
