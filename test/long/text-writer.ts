import { Database } from '../../src/store/sqlite/database.ts';
import { SqliteOperations } from '../../src/store/sqlite/operations.ts';
import { insertRow } from '../../src/store/sqlite/schema/insert-row.ts';
import { recorded } from '../store/samples.ts';
import { BATCHES, batchOf, LAST_PURGED, LIMITS, ORGANIZATION } from './text-logs.ts';

/*
 * Stores batches of logs, indexes texts and purges, until it is killed. Prints a line for each batch that was acknowledged, and for
 * each other step.
 *
 *   node test/long/text-writer.ts FILE FIRST_BATCH
 */
const [file, first] = process.argv.slice(2) as [string, string];
const operations = new SqliteOperations(new Database({ file, busyMs: 10_000, cacheKib: 1024 }), LIMITS);
for (let number = Number(first); number < Number(first) + BATCHES; number++) {
  operations.insertAll([
    { rows: batchOf(number).map((log) => insertRow(recorded(log))), ofOrganization: null },
  ]);
  process.stdout.write(`stored ${number}\n`);
  if (operations.textIndexStep(Date.now() + 1_000)) process.stdout.write(`indexed ${number}\n`);
  if (number % 7 === 0 && operations.deleteBefore(ORGANIZATION, LAST_PURGED, 15) > 0) {
    process.stdout.write(`purged ${number}\n`);
  }
}
