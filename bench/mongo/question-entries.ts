import type { Document } from 'mongodb';
import { MONGO_PATHS } from '../../src/store/mongo/access-paths.ts';
import { type Connection, connectionTo } from '../../src/store/mongo/connection.ts';
import { findLogs } from '../../src/store/mongo/logs.ts';
import { countFilter } from '../../src/store/mongo/query/page.ts';
import type { CatalogueQuestion } from '../../test/store/catalogue.ts';
import { entryCounter } from './entries.ts';

/** Index entries that a page may read for each of its rows, and for each stream that it merges. */
const FOR_EACH = { row: 3, stream: 2 } as const;
/** Index entries of the largest window that a page may scan instead. */
const MAX_WINDOW = 400_000;

/** What one question read, in index entries. */
interface Reading {
  /** All commands. */
  readonly entries: number;
  /** Of these, the commands that count a window. */
  readonly counted: number;
  /** The number of commands that return rows of the page. */
  readonly streams: number;
}

/**
 * Prints a table of the index entries that the first page of each question reads, beside the limit: for each row and each stream, or those of its window, which are the
 * entries of the access path of its filter without its order.
 *
 * @param postgres see `entryCounter`.
 */
export async function printEntries(
  url: string,
  postgres: string | undefined,
  questions: readonly CatalogueQuestion[],
): Promise<void> {
  const connection = connectionTo(url, 60_000, { monitorCommands: true });
  const count = entryCounter(connection.db, postgres);
  console.log('| filter | window | order | entries | counted | streams | limit | its window | within |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  const all: (Reading & { isWithin: boolean; limit: number })[] = [];
  for (const { filterName, windowName, sort, query } of questions) {
    const commands = await commandsOf(connection, () => findLogs(connection, query));
    const reading = { entries: 0, counted: 0, streams: 0 };
    for (const command of commands) {
      const entries = await count(command);
      reading.entries += entries;
      if (command.aggregate !== undefined) reading.counted += entries;
      // A find of one status code that exists returns no row of the page.
      if (command.find !== undefined && command.singleBatch !== true) reading.streams++;
    }
    const limit = FOR_EACH.row * query.limit + FOR_EACH.stream * reading.streams;
    const window = await windowOf(connection, query);
    const isWithin = reading.entries <= Math.max(limit, window);
    all.push({ ...reading, limit, isWithin });
    const cells = [
      filterName,
      windowName,
      `${sort} ${query.direction}`,
      ...Object.values(reading),
      limit,
      window,
    ];
    console.log(`| ${[...cells, isWithin ? 'yes' : 'no'].join(' | ')} |`);
  }
  const sorted = all.map(({ entries }) => entries).toSorted((a, b) => a - b);
  const above = all.filter(({ entries, limit }) => entries > limit).length;
  const outside = all.filter(({ isWithin }) => !isWithin).length;
  console.log(
    `\n${all.length} questions: median ${sorted[sorted.length >> 1]}, most ${sorted.at(-1)}; ` +
      `${above} above the limit for rows and streams, of which ${outside} above that of their window too`,
  );
  await connection.client.close();
}

/** The commands that a read sends to the collection of logs, as `explain` accepts them. */
async function commandsOf({ client }: Connection, read: () => Promise<unknown>): Promise<Document[]> {
  const commands: Document[] = [];
  const listen = ({
    command: { lsid, $db, $clusterTime, $readPreference, ...command },
  }: {
    command: Document;
  }) => void commands.push(command);
  client.on('commandStarted', listen);
  await read();
  client.off('commandStarted', listen);
  return commands;
}

async function windowOf(
  connection: Connection,
  { scope, filter }: CatalogueQuestion['query'],
): Promise<number> {
  const plan = MONGO_PATHS.planFilter(scope, filter);
  const options = { ...connection.budget(), hint: plan.index.name, limit: MAX_WINDOW };
  return connection.logs.countDocuments(countFilter(scope, { ...plan, residual: { op: 'true' } }), options);
}
