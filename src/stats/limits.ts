/** Limits of one question. A question above a limit is rejected with an error that states the limit. */
export const STATS_LIMITS = {
  /** Dimensions that logs are grouped by. */
  dimensions: 3,
  /** Groups in one answer. */
  groups: 100,
  /** Buckets of one group. */
  buckets: 1_000,
  /** Buckets of all groups together in one answer. */
  groupBuckets: 10_000,
  /** Logs that are read where no roll-up holds the answer. */
  logs: 10_000_000,
  /** Groups and buckets that are collected for one part of a question, before the first of them are listed. */
  collected: 200_000,
} as const;
