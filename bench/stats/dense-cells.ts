import { DatabaseSync } from 'node:sqlite';
import { DAY_MS, HOUR_MS } from '../../src/lib/time-units.ts';
import type { TimeRange } from '../../src/stats/intervals.ts';
import { MeasuresSum } from '../../src/stats/measures.ts';
import { openStore } from '../../src/store/open-store.ts';
import { encodeCell } from '../../src/store/roll-ups/cell.ts';
import { withHours } from '../../src/store/roll-ups/day-cells.ts';
import { ROLL_UPS } from '../../src/store/roll-ups/declared.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { logAt, METHODS, ORGANIZATION, randomDuration } from './logs.ts';

const HOURS = DAY_MS / HOUR_MS;

/**
 * Makes a store whose roll-up by method holds many logs, without the logs: of them it stores some of the first and of the last hour.
 *
 * @param range whole days.
 */
export async function storeDenseCells(file: string, count: number, range: TimeRange): Promise<void> {
  const store = await openStore(`sqlite:${file}`, { inline: true });
  await store.createOrganization({ id: ORGANIZATION, plan: 'archive', createdAt: 0 });
  const random = seededRandom(1);
  for (const time of [range.from, range.to - 1]) {
    await store.insert(Array.from({ length: 100 }, (_, i) => logAt(time + i, time, random)));
  }
  while (await store.rollUpStep(range.to + DAY_MS));
  await store.close();

  const db = new DatabaseSync(file);
  const { code } = ROLL_UPS.find(({ by }) => by.length === 1 && by[0] === 'METHOD')!;
  const keys = db
    .prepare('SELECT DISTINCT organization_id, key FROM roll_up_days WHERE roll_up = ?')
    .all(code);
  if (keys.length !== METHODS.length) throw new Error(`The roll-up holds ${keys.length} methods.`);
  const replace = db.prepare(`
    INSERT OR REPLACE INTO roll_up_days (organization_id, roll_up, day, key, total, hours) VALUES (?, ?, ?, ?, ?, ?)`);
  const ofCell = count / (METHODS.length * ((range.to - range.from) / HOUR_MS));
  db.exec('BEGIN');
  for (let day = range.from / DAY_MS; day < range.to / DAY_MS; day++) {
    for (const { organization_id: organization, key } of keys) {
      const cells = Array.from({ length: HOURS }, (_, hour) => {
        const start = day * DAY_MS + hour * HOUR_MS;
        return [hour, cellOf(Math.round(ofCell), start, random)] as const;
      });
      const { total, hours } = withHours(undefined, day, new Map(cells))!;
      replace.run(organization!, code, day, key!, total, hours);
    }
  }
  db.exec('COMMIT');
  db.close();
}

function cellOf(count: number, start: number, random: () => number): Uint8Array {
  const sum = new MeasuresSum();
  for (let i = 0; i < count; i++) {
    sum.addLog(start + Math.floor((i / count) * HOUR_MS), 200, 1, randomDuration(random));
  }
  return encodeCell(sum.result(), start);
}
