import { expect, it } from 'vitest';
import { seededRandom } from '../../../../test/support/seeded-random.ts';
import { DAY_MS, HOUR_MS } from '../../../lib/time-units.ts';
import { CellBuilder, ROLLED_UP_FIELDS } from '../../roll-ups/builder.ts';
import { ROLL_UPS } from '../../roll-ups/declared.ts';
import { MONGO_ROLL_UP_LIMITS } from './limits.ts';

const DAY = Date.UTC(2026, 9, 1);
/** Bytes on DocumentDB's disk, with indexes: of a log, and of the document of a group besides its cells. */
const LOG_BYTES = 2_400;
const DOCUMENT_BYTES = 600;
/** A cell is also in the total of its day, and its key in both. */
const TOTAL_SHARE = 0.25;

/** The bytes of the roll-ups of a day, for each log. @param values numbers of values, of one field after another. */
function bytesPerLog(logsPerHour: number, values: readonly number[]): number {
  const documents = new Set<string>();
  let bytes = 0;
  const random = seededRandom(1);
  const next = (below: number) => Math.floor(random() * below);
  for (let start = DAY; start < DAY + DAY_MS; start += HOUR_MS) {
    const builder = new CellBuilder(start);
    for (let i = 0; i < logsPerHour; i++) {
      const fields = ROLLED_UP_FIELDS.map((name, n) => `${name}${next(values[n % values.length]!)}`);
      builder.add(start + next(HOUR_MS), 200 + next(3), 1, next(500), fields);
    }
    const { hourBytesPerLog, dayBytesPerGroup } = MONGO_ROLL_UP_LIMITS;
    for (const [i, cells] of builder.finish(hourBytesPerLog, dayBytesPerGroup).entries()) {
      for (const [key, cell] of cells ?? []) {
        documents.add(`${ROLL_UPS[i]!.code} ${key}`);
        bytes += cell.length + TOTAL_SHARE * (cell.length + key.length);
      }
    }
  }
  return (documents.size * DOCUMENT_BYTES + bytes) / (24 * logsPerHour);
}

const UNIQUE = 1_000_000;

it.each([2, 5, 10, 20, 50, 100, 300])(
  'keeps roll-ups below a tenth of the logs, with %i logs in an hour',
  (logsPerHour) => {
    for (const values of [[1], [4, 200, 40], [8, 40], [8, UNIQUE], [40, UNIQUE, 4], [UNIQUE]]) {
      expect(bytesPerLog(logsPerHour, values), `${values} values`).toBeLessThan(LOG_BYTES / 10);
    }
  },
);
