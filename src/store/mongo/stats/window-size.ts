import type { Document } from 'mongodb';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../lib/time-units.ts';
import type { LogScope } from '../../../log/query.ts';
import type { TimeRange } from '../../../stats/intervals.ts';
import type { FilterPlan } from '../../access-path.ts';
import { firstInteger, lastInteger, tighter } from '../../key-bounds.ts';
import { decodeCell } from '../../roll-ups/cell.ts';
import { readHours } from '../../roll-ups/day-cells.ts';
import type { RollUp } from '../../roll-ups/declared.ts';
import type { Connection } from '../connection.ts';
import type { RollUpDayDocument, RollUpMarkDocument, RollUpProgressDocument } from '../documents.ts';
import { countFilter } from '../query/page.ts';
import { COLLECTIONS } from '../schema/collections.ts';
import { marksFilter } from './roll-up-state.ts';
import { OF_ALL, type WindowSource, windowSource } from './window-source.ts';

type Reading = Pick<Connection, 'logs' | 'rollUpDays' | 'budget'>;

/**
 * Returns whether the index range of a plan has at most so many logs. One command reads roll-ups, and counts index entries of the
 * hours that are still open. Only if that does not tell, index entries of the whole range are counted, up to the limit. While logs
 * are inserted it can be wrong, so it is enough to choose an access path, not for an answer.
 *
 * @param plan of the order by time, whose residual does not count.
 * @param now in Unix milliseconds.
 */
export async function hasAtMost(
  on: Reading,
  scope: LogScope,
  plan: FilterPlan,
  most: number,
  now: number,
): Promise<boolean> {
  const { atLeast, atMost } = await sizeOf(on, scope, plan, most + 1, now);
  if (atMost <= most) return true;
  if (atLeast > most) return false;
  const count = entriesOf(scope, plan, most + 1);
  const options = { ...on.budget(), hint: plan.index.name };
  const [found] = await on.logs.aggregate<{ entries: number }>(count, options).toArray();
  return (found?.entries ?? 0) <= most;
}

/** Bounds on the number of logs. */
interface Size {
  readonly atLeast: number;
  /** Infinite if nothing says it. */
  readonly atMost: number;
}

const UNKNOWN: Size = { atLeast: 0, atMost: Number.POSITIVE_INFINITY };
const END_OF_TIME = 2 ** 48;

/** The most days, of one key each, that are read: more take as long as counting index entries. */
const MAX_DAYS = 100;
/** Of so many days the hours are read; of more, only the days. */
const MAX_DAYS_BY_HOUR = 2;
/** A shorter range that has a part in the open hour is only counted: it has few entries besides those. In milliseconds. */
const MIN_MS = 2 * HOUR_MS;
/** An hour is open until its mark was quiet for two minutes and its cells are built, in milliseconds. */
const BUILD_MS = 10 * MINUTE_MS;

async function sizeOf(
  { logs, rollUpDays, budget }: Reading,
  scope: LogScope,
  plan: FilterPlan,
  limit: number,
  now: number,
): Promise<Size> {
  const openFrom = Math.floor((now - BUILD_MS) / HOUR_MS) * HOUR_MS;
  const to = lastInteger(plan.upper, END_OF_TIME - 1) + 1;
  const closed = { from: firstInteger(plan.lower, 0), to: Math.min(to, openFrom) };
  if (to > openFrom && openFrom - closed.from < MIN_MS) return UNKNOWN;
  const cells = cellsOf(plan, closed);
  if (cells === null) return UNKNOWN;
  const ofDays = cells.pipeline(scope);
  const others = marksAndProgress(scope, closed);
  const options = { ...budget(), batchSize: MAX_ROWS, promoteBuffers: true };
  const rows =
    to <= openFrom
      ? rollUpDays.aggregate<Document>([...ofDays, ...others], { ...options, hint: 'group' })
      : logs.aggregate<Document>(
          [
            ...entriesOf(scope, openPart(plan, openFrom), limit),
            { $unionWith: { coll: COLLECTIONS.rollUpDays.name, pipeline: ofDays } },
            ...others,
          ],
          { ...options, hint: plan.index.name },
        );
  return sizeIn((await rows.toArray()) as Row[], closed, cells, limit);
}

/** While all roll-ups are built again, each hour has a mark. */
const MAX_MARKS = 1_000;
const MAX_ROWS = 10_000;

/** Counts the index entries of a plan. */
function entriesOf(scope: LogScope, plan: FilterPlan, limit: number): Document[] {
  const range = countFilter(scope, { ...plan, residual: { op: 'true' } });
  return [{ $match: range }, { $limit: limit }, { $group: { _id: null, entries: { $sum: 1 } } }];
}

function openPart(plan: FilterPlan, from: number): FilterPlan {
  return { ...plan, lower: tighter(plan.lower, { kind: 'value', value: from, inclusive: true }, 1) };
}

/** The cells of a range of time. */
interface Cells {
  /** The cells of the plan, then those of all logs: they may be held where the others are left out. */
  readonly sources: readonly WindowSource[];
  readonly column: 'hours' | 'total';
  pipeline(scope: LogScope): Document[];
}

/** Null if no roll-up has the cells, or too many would be read. */
function cellsOf(plan: FilterPlan, { from, to }: TimeRange): Cells | null {
  const source = windowSource(plan);
  if (source === null || from >= to) return null;
  const { rollUp, keys } = source;
  const first = Math.floor(from / DAY_MS);
  const count = Math.ceil(to / DAY_MS) - first;
  const isLong = count > MAX_DAYS;
  if (keys.length * (isLong ? 1 : count) > MAX_DAYS) return null;
  const column = count <= MAX_DAYS_BY_HOUR ? 'hours' : 'total';
  const sources = rollUp === OF_ALL.rollUp || isLong ? [source] : [source, OF_ALL];
  const pipeline = ({ organizationId }: LogScope) => [
    {
      $match: {
        organizationId,
        rollUp: { $in: sources.map((one) => one.rollUp.code) },
        // Of a range of days, DocumentDB visits all keys.
        ...(!isLong && { day: { $in: Array.from({ length: count }, (_, i) => first + i) } }),
        key: { $in: sources.flatMap((one) => one.keys) },
      },
    },
    { $limit: sources.length * MAX_DAYS },
    { $project: { _id: 0, rollUp: 1, day: 1, [column]: 1 } },
  ];
  return { sources, column, pipeline };
}

/** The marks of changed hours, and which hours are rolled up. */
function marksAndProgress({ organizationId }: LogScope, range: TimeRange): Document[] {
  const marks = [
    { $match: marksFilter(organizationId, range) },
    { $limit: MAX_MARKS },
    { $project: { _id: 0, hour: 1, changes: 1, isUncounted: 1 } },
  ];
  const progress = [{ $match: { _id: organizationId } }, { $project: { fromHour: 1, leavesOut: 1 } }];
  return [
    { $unionWith: { coll: COLLECTIONS.rollUpMarks.name, pipeline: marks } },
    { $unionWith: { coll: COLLECTIONS.rollUpProgress.name, pipeline: progress } },
  ];
}

type DayRow = Pick<RollUpDayDocument, 'rollUp' | 'day' | 'hours' | 'total'>;
type Row =
  | { readonly entries: number }
  | DayRow
  | Pick<RollUpMarkDocument, 'hour' | 'changes' | 'isUncounted'>
  | Pick<RollUpProgressDocument, '_id' | 'fromHour' | 'leavesOut'>;

function sizeIn(rows: readonly Row[], window: TimeRange, cells: Cells, limit: number): Size {
  const progress = rows.find((row) => 'fromHour' in row);
  const isHeld = ({ code }: RollUp) =>
    progress !== undefined &&
    progress.fromHour * HOUR_MS <= window.from &&
    progress.leavesOut?.includes(code) === false;
  const countsOf = ({ rollUp, countOf }: WindowSource) => {
    const days = rows.filter((row) => 'day' in row && row.rollUp === rollUp.code) as DayRow[];
    const { within, touching } = countsIn(days, window, cells.column, countOf);
    return { within, most: isHeld(rollUp) && days.length < MAX_DAYS ? touching : Number.POSITIVE_INFINITY };
  };
  const marks = rows.filter((row) => 'hour' in row);
  const changes = marks.reduce((sum, mark) => sum + mark.changes, 0);
  const entries = rows.find((row) => 'entries' in row)?.entries ?? 0;
  const isBounded =
    entries < limit && marks.length < MAX_MARKS && !marks.some(({ isUncounted }) => isUncounted);
  const counts = cells.sources.map(countsOf);
  const most = isBounded ? Math.min(...counts.map((one) => one.most)) : Number.POSITIVE_INFINITY;
  // The changes of an hour may have added to what its cells count, or deleted it.
  return { atLeast: counts[0]!.within - changes + entries, atMost: most + changes + entries };
}

/** The logs in the cells that are within a range of time, and in those that touch it. */
function countsIn(
  days: readonly DayRow[],
  { from, to }: TimeRange,
  column: Cells['column'],
  countOf: WindowSource['countOf'],
): { readonly within: number; readonly touching: number } {
  let [within, touching] = [0, 0];
  const add = (cell: Uint8Array, start: number, end: number) => {
    if (end <= from || start >= to) return;
    const count = countOf(decodeCell(cell, start));
    touching += count;
    if (from <= start && end <= to) within += count;
  };
  for (const { day, ...row } of days) {
    const bytes = row[column] as unknown as Uint8Array;
    if (column === 'total') add(bytes, day * DAY_MS, (day + 1) * DAY_MS);
    else readHours(bytes, day, ~0, (cell, start) => add(cell, start, start + HOUR_MS));
  }
  return { within, touching };
}
