import { DAY_MS, HOURS_OF_DAY } from '../../../lib/time-units.ts';
import { timeOfLogId } from '../../../log/log-id.ts';
import { ROLL_UPS } from '../../roll-ups/declared.ts';
import type { Connection } from '../connection.ts';
import { markDeletedCells, whileMarked } from './marks.ts';

/**
 * Deletes logs with their payloads, without counting them for the ledger, and the roll-ups of their days, which hold their values.
 * The payloads come first: if it fails midway, their logs still exist, and the next call deletes them.
 *
 * All hours of these days are marked before anything is deleted, also those without cells: a builder may write their cells before
 * the roll-ups of the day are deleted.
 *
 * @returns the number of deleted logs.
 */
export async function deleteLogs(
  on: Connection,
  organizationId: string,
  ids: readonly string[],
): Promise<number> {
  if (ids.length === 0) return 0;
  const days = [...new Set(ids.map((id) => Math.floor(timeOfLogId(id) / DAY_MS)))];
  const hours = days.flatMap((day) => Array.from({ length: HOURS_OF_DAY }, (_, i) => day * HOURS_OF_DAY + i));
  const mark = () => markDeletedCells(on, organizationId, hours);
  return whileMarked(mark, async (renew) => {
    const these = { organizationId, _id: { $in: [...ids] } };
    await on.payloads.deleteMany(these);
    const { deletedCount } = await on.logs.deleteMany(these);
    await renew();
    const ofDays = { organizationId, rollUp: { $in: ROLL_UPS.map(({ code }) => code) }, day: { $in: days } };
    await on.rollUpDays.deleteMany(ofDays);
    await on.rollUpContents.deleteMany(ofDays);
    return deletedCount;
  });
}
