import type { GroupKeyPart } from '../../stats/dimensions.ts';

/** A cell that differs from what the logs give. */
export interface RollUpDifference {
  readonly organizationId: string;
  /** The start of the cell's span of time, in Unix milliseconds. */
  readonly start: number;
  /** The length of the span in milliseconds. */
  readonly length: number;
  /** The group; without parts for all logs together. */
  readonly key: readonly GroupKeyPart[];
  /** The number of logs in the cell; null if there is no cell, or none that can be read. */
  readonly stored: number | null;
  /** The number of logs of the group, for a day as its hours say; null if there is none. If both numbers are equal, another measure differs. */
  readonly actual: number | null;
}

/** The result of one step of a comparison of roll-ups with logs. */
export interface RollUpCheck {
  /** Number of hours that were compared. Hours that were changed since their cells were built are not compared. */
  readonly hours: number;
  readonly differences: readonly RollUpDifference[];
  /** Where the next step begins; null after the last one. */
  readonly next: RollUpCheckPosition | null;
}

export interface RollUpCheckPosition {
  readonly organizationId: string;
  /** Days since 1970. */
  readonly day: number;
}

/** How much is left to build. */
export interface RollUpStatus {
  /** Hours that were changed since their cells were built, of all organizations. Their statistics are read from logs. */
  readonly changedHours: number;
  /** Organizations with logs that are not rolled up yet. */
  readonly unfinishedOrganizations: number;
}
