import { DAY_MS, HOUR_MS } from '../../../lib/time-units.ts';
import { timeOfLogId } from '../../../log/log-id.ts';
import { readHours } from '../../roll-ups/day-cells.ts';
import { ROLL_UPS } from '../../roll-ups/declared.ts';
import type { Connection } from '../connection.ts';
import { hoursOf, markDeletedCells, whileMarked } from './marks.ts';
import { readDayCells } from './roll-up-cells.ts';

/**
 * Deletes logs with their payloads, without counting them for the ledger, and the roll-ups of their days, which hold their values. The payloads come first: if it fails
 * midway, their logs still exist, and the next call deletes them. All hours of these days are marked before anything is deleted.
 *
 * @returns the number of deleted logs.
 */
export async function deleteLogs(
  on: Connection,
  organizationId: string,
  ids: readonly string[],
): Promise<number> {
  if (ids.length === 0) return 0;
  const createdAts = ids.map(timeOfLogId);
  const days = [...new Set(createdAts.map((time) => Math.floor(time / DAY_MS)))];
  const hours = hoursOf(createdAts);
  // Hours that are not in the cells have no logs, or are marked.
  const all = { rollUp: ROLL_UPS[0]!, keys: null };
  await readDayCells(on, organizationId, all, days, 'hours', (day, _key, cells) => {
    readHours(cells, day, ~0, (_cell, start) => {
      const hour = start / HOUR_MS;
      hours.set(hour, (hours.get(hour) ?? 0) + 1);
    });
  });
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
