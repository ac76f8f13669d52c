import type { Document } from 'mongodb';
import type { LogQuery } from '../../src/log/query.ts';
import { MONGO_PATHS } from '../../src/store/mongo/access-paths.ts';
import { type Connection, connectionTo } from '../../src/store/mongo/connection.ts';
import { findLogs } from '../../src/store/mongo/logs.ts';
import { countFilter } from '../../src/store/mongo/query/page.ts';
import type { CatalogueQuestion } from '../../test/store/catalogue.ts';
import { type EntryCounter, entryCounter } from './entries.ts';

/** Index entries that a page may read for each of its rows. */
const READ_A_ROW = 3;
/** Index entries that a page may read besides for each stream: a scan visits the entry at which it ends. */
const READ_A_STREAM = 2;
/** Index entries of the largest window that a page may scan instead. */
const MAX_WINDOW = 400_000;
/** Index entries that a page may read for each of its rows to decide whether it scans its window. */
const READ_TO_DECIDE = 2;

interface Reading {
  /** Index entries that all commands read. */
  readonly entries: number;
  /** Of these, those that tell whether the window is scanned: of roll-ups, or of the window itself, which is counted. */
  readonly deciding: number;
  /** The number of commands that return logs: streams of the page, and scans of the window. */
  readonly streams: number;
}

/**
 * Prints the index entries that the first page of each question reads, and the limit: those of its rows and streams, or those of its
 * window, which is the index range of its filter without its order, and what may be read to decide.
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
  console.log('| filter | window | order | entries | to decide | streams | limit | of its window | within |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  const all: { entries: number; deciding: number; isAbove: boolean; isOutside: boolean }[] = [];
  for (const { filterName, windowName, sort, query } of questions) {
    const { entries, deciding, streams } = await readingOf(connection, count, query);
    const forStreams = READ_A_STREAM * streams;
    const limit = READ_A_ROW * query.limit + forStreams;
    const ofWindow = (await windowOf(connection, query)) + forStreams;
    const isOutside =
      entries - deciding > Math.max(limit, ofWindow) || deciding > READ_TO_DECIDE * query.limit;
    all.push({ entries, deciding, isAbove: entries > limit, isOutside });
    const order = `${sort} ${query.direction}`;
    const cells = [filterName, windowName, order, entries, deciding, streams, limit, ofWindow];
    console.log(`| ${[...cells, isOutside ? 'no' : 'yes'].join(' | ')} |`);
  }
  await connection.client.close();
  const sorted = all.map(({ entries }) => entries).toSorted((a, b) => a - b);
  const sum = sorted.reduce((total, entries) => total + entries, 0);
  const above = all.filter(({ isAbove }) => isAbove).length;
  const outside = all.filter(({ isOutside }) => isOutside).length;
  const deciding = Math.max(...all.map((one) => one.deciding));
  console.log(
    `\n${all.length} questions: median ${sorted[sorted.length >> 1]}, most ${sorted.at(-1)}, sum ${sum}, most to decide ${deciding}; ` +
      `${above} above the limit of their rows and streams, ${outside} of them outside of that of their window too`,
  );
}

async function readingOf(connection: Connection, count: EntryCounter, query: LogQuery): Promise<Reading> {
  let [entries, deciding, streams] = [0, 0, 0];
  for (const command of await commandsOf(connection, () => findLogs(connection, query))) {
    const read = await count(command);
    entries += read;
    if (command.aggregate !== undefined) deciding += read;
    // An aggregate returns no logs. A find of a single document looks for a status code or a time.
    else if (command.singleBatch !== true) streams++;
  }
  return { entries, deciding, streams };
}

/** The commands that a read sends, as `explain` accepts them. */
async function commandsOf({ client }: Connection, read: () => Promise<unknown>): Promise<Document[]> {
  const commands: Document[] = [];
  const listen = (event: { readonly command: Document }) => {
    const { lsid, $db, $clusterTime, $readPreference, ...command } = event.command;
    commands.push(command);
  };
  client.on('commandStarted', listen);
  await read();
  client.off('commandStarted', listen);
  return commands;
}

/** The number of index entries in the window of a question, 400,000 at most. */
async function windowOf({ logs, budget }: Connection, { scope, filter }: LogQuery): Promise<number> {
  const plan = MONGO_PATHS.planFilter(scope, filter);
  const options = { ...budget(), hint: plan.index.name, limit: MAX_WINDOW };
  return logs.countDocuments(countFilter(scope, { ...plan, residual: { op: 'true' } }), options);
}
