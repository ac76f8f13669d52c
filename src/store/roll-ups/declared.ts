import type { DimensionName } from '../../stats/dimensions.ts';

/** A set of dimensions whose statistics are prepared. */
export interface RollUp {
  /** The number by which stores name it: never used again for another set. */
  readonly code: number;
  /** The dimension that filters most often fix comes first: groups that share it are stored next to each other. */
  readonly by: readonly [] | readonly [DimensionName] | readonly [DimensionName, DimensionName];
}

/**
 * Every roll-up, declared once. Stores keep them in this order until the bytes for an hour's logs are used up (see
 * `ROLL_UP_LIMITS`), so those that most questions need come first.
 */
export const ROLL_UPS: readonly RollUp[] = [
  { code: 0, by: [] },
  { code: 1, by: ['METHOD'] },
  { code: 2, by: ['STATUS_CODE'] },
  { code: 3, by: ['ROUTE_PATTERN'] },
  { code: 4, by: ['API_KEY_ID'] },
  { code: 5, by: ['SERVICE'] },
  { code: 6, by: ['ENDPOINT_TYPE'] },
  { code: 7, by: ['AUTH_TYPE'] },
  { code: 8, by: ['ERROR_TYPE'] },
  { code: 9, by: ['HOST'] },
  { code: 10, by: ['CONSUMER_ID'] },
  { code: 11, by: ['STATUS_CODE', 'METHOD'] },
  { code: 12, by: ['ROUTE_PATTERN', 'METHOD'] },
  { code: 13, by: ['ROUTE_PATTERN', 'STATUS_CODE'] },
  { code: 15, by: ['API_KEY_ID', 'METHOD'] },
  { code: 14, by: ['API_KEY_ID', 'ENDPOINT_TYPE'] },
  { code: 16, by: ['API_KEY_ID', 'STATUS_CODE'] },
];

/**
 * The most groups of a roll-up in an hour or a unit; with more, it is left out there. This bounds the memory of a build and the rows
 * of a day.
 */
export const MAX_GROUPS = 10_000;

export interface RollUpLimits {
  /**
   * Bytes of all cells of an hour, for each log of the hour. A roll-up that does not fit is left out for that hour, as one with a
   * consumer for each request: its questions read the logs.
   */
  readonly hourBytesPerLog: number;
  /** What the store needs for a group of a day besides its cells. It counts in the hours in which the group appears, as `groupsForHour` says. */
  readonly dayBytesPerGroup: number;
  /** As `hourBytesPerLog`, for the cells of a unit of a dense hour; a roll-up is left out for the whole hour. */
  readonly unitBytesPerLog: number;
  /** An hour with this many logs is also kept in units of ten seconds: its logs cannot be read at each question. */
  readonly denseHour: number;
  /**
   * MongoDB, which cannot mark an hour in the transaction of an insert: how long a mark must be unchanged before its hour is built,
   * in milliseconds. An insert marks its hours first, so it must take less: two attempts of 30 s each at most.
   */
  readonly quietMs: number;
}

/** A log takes some 400 bytes with its indexes, ten times as much as all of its roll-ups at most. */
export const ROLL_UP_LIMITS: RollUpLimits = {
  hourBytesPerLog: 24,
  dayBytesPerGroup: 0,
  unitBytesPerLog: 8,
  denseHour: 100_000,
  quietMs: 120_000,
};
