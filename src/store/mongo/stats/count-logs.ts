import { DAY_MS, HOUR_MS } from '../../../lib/time-units.ts';
import type { LogScope } from '../../../log/query.ts';
import type { TimeRange } from '../../../stats/intervals.ts';
import { STATS_LIMITS } from '../../../stats/limits.ts';
import { readHourMeasures } from '../../roll-ups/day-cells.ts';
import { ROLL_UPS } from '../../roll-ups/declared.ts';
import { withinTime } from '../../time-window.ts';
import type { Connection } from '../connection.ts';
import { countLogs } from '../logs.ts';
import { readDayCells } from './roll-up-cells.ts';
import type { RollUpMarks } from './roll-up-state.ts';

/**
 * The most logs of an organization that ranges of time hold: counted where nothing says their number, up to the limit of a question;
 * else those of the whole hours, as they were counted last, and the changes since then.
 *
 * @param ranges in ascending order, without overlap.
 * @param rollUps null if nothing is rolled up.
 */
export async function logsWithin(
  on: Connection,
  scope: LogScope,
  ranges: readonly TimeRange[],
  rollUps: RollUpMarks | null,
): Promise<number> {
  const start = (rollUps?.state.fromHour ?? Number.POSITIVE_INFINITY) * HOUR_MS;
  const hours = new Set<number>();
  let logs = 0;
  for (const { from, to } of ranges) {
    if (from < start) logs += await counted(on, scope, { from, to: Math.min(to, start) });
    for (let hour = Math.floor(Math.max(from, start) / HOUR_MS); hour * HOUR_MS < to; hour++) {
      if (rollUps?.uncountedHours.has(hour)) {
        const ofHour = { from: hour * HOUR_MS, to: (hour + 1) * HOUR_MS };
        logs += await counted(on, scope, ofHour);
      } else {
        logs += rollUps?.state.changedHours.get(hour) ?? 0;
        hours.add(hour);
      }
    }
    if (logs > STATS_LIMITS.logs) return logs;
  }
  const days = [...new Set([...hours].map((hour) => Math.floor((hour * HOUR_MS) / DAY_MS)))];
  const use = { rollUp: ROLL_UPS[0]!, keys: null };
  await readDayCells(on, scope.organizationId, use, days, 'hours', (day, _key, cells) => {
    readHourMeasures(cells, day, ~0, ({ count }, from) => {
      if (hours.has(from / HOUR_MS)) logs += count;
    });
  });
  return logs;
}

async function counted(on: Connection, scope: LogScope, range: TimeRange): Promise<number> {
  return (await countLogs(on, scope, withinTime(range), STATS_LIMITS.logs + 1)).count;
}
