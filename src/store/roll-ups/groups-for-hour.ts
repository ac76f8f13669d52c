import { HOURS_OF_DAY } from '../../lib/time-units.ts';

/** What an hour's logs tell about their groups. */
export interface GroupsOfHour {
  readonly logs: number;
  readonly groups: number;
  /** Groups with one log in the hour, and with two. */
  readonly withOneLog: number;
  readonly withTwoLogs: number;
}

const FEW = 4;

/**
 * Which part of the groups of its day an hour accounts for: a group that appears in all hours counts as a twenty-fourth, one that
 * appears in this hour alone as one. Estimated as if all hours of the day were like this one, by the larger of two numbers of groups
 * of the day: that of groups that are alike, and the estimator of Chao (1984), for few frequent groups among many rare ones.
 */
export function groupsForHour({ logs, groups, withOneLog, withTwoLogs }: GroupsOfHour): number {
  // Of alike groups, this part appears in an hour, within some hundredths. With few logs, two in one group may be by chance.
  const shown = 1 - ((groups + FEW) / (logs + FEW)) ** 2;
  const unseen = withOneLog ** 2 / (2 * Math.max(withTwoLogs, 1));
  return Math.min(groups, Math.max(groups / shown, groups + unseen) / HOURS_OF_DAY);
}
