import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { COLUMNS, writeTable } from './load.ts';
import { type Chdb, startChdb } from './peer.ts';

/**
 * Starts chdb with a table `logs`, ordered by organization and time, of the logs that `loadStore` stores for the same arguments.
 *
 * @param folder keeps the data for the next run.
 * @param logs number of logs.
 * @param from Unix milliseconds of the first log.
 * @param lengthMs the logs are spread over this time.
 */
export async function loadedChdb(
  folder: string,
  logs: number,
  from: number,
  lengthMs: number,
): Promise<Chdb> {
  const data = join(folder, `${logs}.chdb`);
  const isNew = !existsSync(data);
  const chdb = await startChdb(data);
  if (!isNew) return chdb;
  const table = join(folder, 'logs.tsv');
  await writeTable(table, logs, from, lengthMs);
  await chdb.time(`CREATE TABLE logs (${COLUMNS}) ENGINE = MergeTree ORDER BY (organization, time)`);
  const columns = COLUMNS.replaceAll("'", "\\'");
  await chdb.time(`INSERT INTO logs SELECT * FROM file('${table}', TSV, '${columns}')`);
  await chdb.time('OPTIMIZE TABLE logs FINAL');
  rmSync(table);
  return chdb;
}
