import { DAY_MS, HOUR_MS } from '../../../lib/time-units.ts';
import type { TimeRange } from '../../../stats/intervals.ts';
import { STATS_LIMITS } from '../../../stats/limits.ts';
import { readHourMeasures } from '../../roll-ups/day-cells.ts';
import { ROLL_UPS } from '../../roll-ups/declared.ts';
import type { Database } from '../database.ts';
import { startOfTime } from '../schema/id-bytes.ts';
import { sql } from '../sql/sql.ts';
import { dayCells } from './roll-up-cells.ts';
import { rollUpState } from './roll-up-state.ts';

/**
 * The most logs of an organization that ranges of time hold: counted where nothing is rolled up, up to the limit of a question; else
 * those of the whole hours, as they were counted last, and the changes since then.
 *
 * @param ranges in ascending order, without overlap.
 */
export function logsWithin(db: Database, organization: number, ranges: readonly TimeRange[]): number {
  if (ranges.length === 0) return 0;
  const all = { from: ranges[0]!.from, to: ranges.at(-1)!.to };
  const { fromHour, changedHours } = rollUpState(db, organization, all);
  const start = fromHour * HOUR_MS;
  const hours = new Set<number>();
  let logs = 0;
  for (const { from, to } of ranges) {
    if (from < start) logs += counted(db, organization, { from, to: Math.min(to, start) });
    for (let hour = Math.floor(Math.max(from, start) / HOUR_MS); hour * HOUR_MS < to; hour++) hours.add(hour);
  }
  for (const hour of hours) logs += changedHours.get(hour) ?? 0;
  const days = [...new Set([...hours].map((hour) => Math.floor((hour * HOUR_MS) / DAY_MS)))];
  for (const [day, , cells] of dayCells(
    db,
    organization,
    { rollUp: ROLL_UPS[0]!, keys: null },
    days,
    'hours',
  )) {
    readHourMeasures(cells, day, ~0, ({ count }, from) => {
      if (hours.has(from / HOUR_MS)) logs += count;
    });
  }
  return logs;
}

function counted(db: Database, organization: number, { from, to }: TimeRange): number {
  const row = db.get(sql`
    SELECT count(*) AS logs FROM (
      SELECT 1 FROM request_logs WHERE organization_id = ${organization}
        AND id >= ${startOfTime(from)} AND id < ${startOfTime(to)} LIMIT ${STATS_LIMITS.logs + 1})`);
  return Number(row!.logs);
}
