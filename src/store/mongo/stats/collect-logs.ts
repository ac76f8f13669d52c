import type { Document } from 'mongodb';
import { allOf, type Filter } from '../../../log/filter.ts';
import type { LogScope } from '../../../log/query.ts';
import { type PartCollector, tooManyGroups } from '../../../stats/collector.ts';
import { DIMENSIONS, groupsFilter } from '../../../stats/dimensions.ts';
import type { CheckedPart } from '../../../stats/question.ts';
import { timeGrid } from '../../../stats/time-grid.ts';
import { clipped } from '../../roll-ups/ranges.ts';
import { withinTime } from '../../time-window.ts';
import { MONGO_PATHS } from '../access-paths.ts';
import type { Connection } from '../connection.ts';
import { isOutOfMemory } from '../errors.ts';
import { countFilter } from '../query/page.ts';
import { type Cell, cellsPipeline, measuresOfCell } from './cells.ts';
import { type RangeSet, spanOf, withoutGaps } from './range-sets.ts';
import { timeOfParts } from './time-of-parts.ts';

/** Cells in one reply: a cell has up to 12 kB, usually 1 kB. */
const BATCH_SIZE = 1_000;

/** One aggregate command. */
interface Aggregate {
  readonly pipeline: Document[];
  /** The name of the index. */
  readonly hint: string;
}

/** The aggregate that returns the cells of all parts; null if no log can match. @param only only the logs in these ranges of time. */
export function cellsAggregate(
  scope: LogScope,
  filter: Filter,
  parts: readonly CheckedPart[],
  only: RangeSet | null = null,
): Aggregate | null {
  const ofParts = timeOfParts(scope, filter, parts);
  if (ofParts === null) return null;
  const [time] = only === null ? [ofParts] : clipped([spanOf(only)], ofParts);
  if (time === undefined) return null;
  const [first] = parts;
  const groups = parts.length === 1 && first!.buckets !== null ? first!.groups : null;
  const ofGroups = groups === null ? [] : [groupsFilter(groups.by, groups.keys)];
  const plan = MONGO_PATHS.planFilter(scope, allOf([filter, withinTime(time), ...ofGroups]));
  if (plan.residual.op === 'false') return null;
  const matching = [{ $match: countFilter(scope, plan) }, ...(only === null ? [] : withoutGaps(only))];
  return { pipeline: cellsPipeline(matching, parts), hint: plan.index.name };
}

/**
 * Adds the logs that match a filter to the collectors, all of them or only those in some ranges of time. The server counts them in one pass; only cells are transferred.
 *
 * @throws RelaylogError BAD_USER_INPUT if there are too many groups and buckets, or if the server has no memory for them.
 */
export async function collectLogs(
  { logs, budget }: Pick<Connection, 'logs' | 'budget'>,
  scope: LogScope,
  filter: Filter,
  collectors: readonly PartCollector[],
  only: RangeSet | null = null,
): Promise<void> {
  const parts = collectors.map(({ part }) => part);
  const aggregate = cellsAggregate(scope, filter, parts, only);
  if (aggregate === null) return;
  const addCell = collectors.map(adder);
  const cursor = logs.aggregate<Cell>(aggregate.pipeline, {
    ...budget(),
    hint: aggregate.hint,
    // Cells by bin of a question within the limits can exceed the 100 MB that MongoDB groups in memory.
    allowDiskUse: true,
    batchSize: BATCH_SIZE,
  });
  try {
    while (await cursor.hasNext()) {
      // Throws if nobody waits any more.
      budget();
      for (const cell of cursor.readBufferedDocuments()) addCell[cell._id.part]!(cell);
    }
  } catch (error) {
    throw isOutOfMemory(error) ? tooManyGroups() : error;
  } finally {
    await cursor.close();
  }
}

/** Returns a function that adds a cell of the collector's part. */
function adder(collector: PartCollector): (cell: Cell) => void {
  const { groups, buckets } = collector.part;
  const grid = buckets && timeGrid(buckets.ranges);
  const dimensions = (groups?.by ?? []).map((name) => DIMENSIONS[name]);
  return (cell) => {
    const { by = {}, interval = 0 } = cell._id;
    const time = grid === null ? Number.NaN : grid.from + interval * grid.length;
    const key = dimensions.map(({ field, fromField }) => fromField(by[field] ?? null));
    collector.merge(key, time, measuresOfCell(cell));
  };
}
