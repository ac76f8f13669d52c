import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { BSON, type Db, type Document } from 'mongodb';

/** Counts the index entries that a `find` or `aggregate` command reads, by running it once more. */
export type EntryCounter = (command: Document) => Promise<number>;

/**
 * @param postgres the URL of the PostgreSQL behind a DocumentDB, whose own `explain` does not run the command. Undefined for a server whose
 *   `explain` has execution statistics, as MongoDB's.
 */
export function entryCounter(db: Db, postgres: string | undefined): EntryCounter {
  return postgres === undefined
    ? async (command) => examinedKeys(await db.command({ explain: command, verbosity: 'executionStats' }))
    : async (command) => scannedEntries(await explainAnalyze(postgres, db.databaseName, command));
}

/** @throws Error if the output of `explain` has no execution statistics. */
function examinedKeys(explained: Document): number {
  const [first] = (explained.stages ?? []) as { readonly $cursor?: Document }[];
  const stats = (first?.$cursor ?? explained).executionStats;
  if (stats?.totalKeysExamined === undefined) {
    throw new Error('explain has no execution statistics; pass --postgres if this is a DocumentDB');
  }
  return stats.totalKeysExamined;
}

/** A node of a plan of PostgreSQL. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  /** The entries that each index scan visits, those that it skips too; DocumentDB adds them. */
  readonly IndexDetails?: readonly { readonly innerScanLoops?: number }[];
  readonly Plans?: readonly PlanNode[];
}

/**
 * Sums what DocumentDB counts in its index scans. PostgreSQL's counter `idx_tup_read` has only the entries that a scan returns. A scan
 * of a small collection, or of the index of `_id`, skips none: its rows are counted.
 *
 * @param isCounted whether a node above has counted the scan.
 * @throws Error if a scan was not counted.
 */
function scannedEntries(node: PlanNode, isCounted = false): number {
  const counts = (node.IndexDetails ?? []).flatMap(({ innerScanLoops }) => innerScanLoops ?? []);
  const own = counts.reduce((sum, count) => sum + count, 0);
  const below = (node.Plans ?? []).map((child) => scannedEntries(child, isCounted || counts.length > 0));
  const entries = below.reduce((sum, count) => sum + count, own);
  const isTable = node['Node Type'] === 'Seq Scan' || node['Index Name'] === '_id_';
  if (isCounted || (!isTable && node['Index Name'] === undefined)) return entries;
  const { 'Actual Rows': rows, 'Actual Loops': loops = 1, 'Rows Removed by Filter': removed = 0 } = node;
  if (!isTable || rows === undefined) throw new Error(`a scan was not counted: ${JSON.stringify(node)}`);
  return entries + (rows + removed) * loops;
}

/** Runs a command of MongoDB within PostgreSQL, by psql. */
async function explainAnalyze(postgres: string, database: string, command: Document): Promise<PlanNode> {
  const run = command.find === undefined ? 'bson_aggregation_pipeline' : 'bson_aggregation_find';
  const bson = `BSONHEX${Buffer.from(BSON.serialize(command)).toString('hex')}`;
  const statement = `EXPLAIN (ANALYZE, FORMAT JSON) SELECT document FROM documentdb_api_catalog.${run}('${database}', '${bson}')`;
  const { stdout } = await promisify(execFile)('psql', ['-XqAt', '-c', statement, postgres], {
    env: { ...process.env, PGOPTIONS: '-c documentdb.enableExtendedExplainPlans=on' },
    maxBuffer: 64 * 2 ** 20,
  });
  return JSON.parse(stdout)[0].Plan;
}
