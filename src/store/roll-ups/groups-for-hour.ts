import { HOURS_OF_DAY } from '../../lib/time-units.ts';

/** What an hour's logs tell about their groups. */
export interface GroupsOfHour {
  readonly logs: number;
  readonly groups: number;
  /** Groups with one log in the hour, and with two. */
  readonly withOneLog: number;
  readonly withTwoLogs: number;
}

/** Logs that are added, each with a group of its own: of few logs, two may be in one group by chance. */
const ADDED_LOGS = 16;

/**
 * Which part of the groups of its day an hour accounts for: a group that appears in all hours counts as a twenty-fourth, one that
 * appears in this hour alone as one. Estimated as if all hours of the day were like this one, by the larger of two numbers of groups
 * of the day: that of groups that are alike, and the estimator of Chao (1984), for few frequent groups among many rare ones.
 */
export function groupsForHour({ logs, groups, withOneLog, withTwoLogs }: GroupsOfHour): number {
  // Of alike groups, this part appears in an hour, within some hundredths.
  const shown = 1 - ((groups + ADDED_LOGS) / (logs + ADDED_LOGS)) ** 2;
  const unseen = withOneLog ** 2 / (2 * Math.max(withTwoLogs, 1));
  return Math.min(groups, Math.max(groups / shown, groups + unseen) / HOURS_OF_DAY);
}
