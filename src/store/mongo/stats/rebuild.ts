import { ObjectId, type WithId } from 'mongodb';
import { DAY_MS, HOUR_MS, HOURS_OF_DAY, MINUTE_MS } from '../../../lib/time-units.ts';
import { MONGO_INDEXES } from '../../indexes.ts';
import type { Cells } from '../../roll-ups/builder.ts';
import { ROLL_UP_LIMITS, ROLL_UPS, type RollUpLimits } from '../../roll-ups/declared.ts';
import { unsettledHour } from '../../roll-ups/settled.ts';
import type { Connection } from '../connection.ts';
import type { RollUpMarkDocument, RollUpProgressDocument } from '../documents.ts';
import { isDuplicate } from '../errors.ts';
import { cellsOfHours, currentLogs, LOGS_AT_ONCE } from './cells-of-logs.ts';
import { markHours, markUnbuilt } from './marks.ts';
import { writeDay } from './write-day.ts';

/** Marks that are looked at in each step, newest hours first. */
const MARKS_AT_ONCE = 1_000;
/** How long no organization without roll-ups is looked for after none was found, in milliseconds. */
const SEARCH_PAUSE_MS = MINUTE_MS;

type Mark = WithId<RollUpMarkDocument>;

/** What a step does. */
type Due =
  | { readonly organizationId: string; readonly day: number; readonly marks: readonly Mark[] }
  | { readonly organizationId: string; readonly marks: null };

/**
 * Builds the cells of changed hours. A mark is announced before the logs change, so a mark that has been unchanged for longer than
 * an insert takes is of work that has ended. This process remembers since when it has seen each mark unchanged.
 */
export class RollUpBuilder {
  /** By the id of the mark: its changes, and since when they are the same (of `performance.now()`). */
  #seen = new Map<string, { readonly changes: number; readonly since: number }>();
  #searchedAt = -Infinity;

  /**
   * Builds some cells of one organization that are missing or out of date.
   *
   * @param now Unix milliseconds.
   * @returns false if nothing is due.
   */
  async step(on: Connection, now: number, limits: RollUpLimits): Promise<boolean> {
    const due = await this.#due(on, now, limits.quietMs);
    if (due === null) return false;
    if (due.marks === null) await extendBackwards(on, due.organizationId);
    else await buildHours(on, due.organizationId, due.day, due.marks, limits);
    return true;
  }

  /** Whether `step` would build something. */
  async hasDue(on: Connection, now: number): Promise<boolean> {
    return (await this.#due(on, now, ROLL_UP_LIMITS.quietMs)) !== null;
  }

  /** Looks for organizations without roll-ups again. */
  forget(): void {
    this.#searchedAt = -Infinity;
  }

  async #due(on: Connection, now: number, quietMs: number): Promise<Due | null> {
    const marks = await on.rollUpMarks
      .find({ hour: { $lt: unsettledHour(now) } }, { sort: { hour: -1 }, limit: MARKS_AT_ONCE, hint: 'hour' })
      .toArray();
    const time = performance.now();
    const known = this.#seen;
    this.#seen = new Map(
      marks.map(({ _id, changes }) => {
        const id = _id.toHexString();
        const before = known.get(id);
        return [id, before?.changes === changes ? before : { changes, since: time }];
      }),
    );
    const ids = [...new Set(marks.map(({ organizationId }) => organizationId))];
    const progress = ids.length === 0 ? [] : await on.rollUpProgress.find({ _id: { $in: ids } }).toArray();
    const fromHours = new Map(progress.map(({ _id, fromHour }) => [_id, fromHour]));
    const first = marks.find((mark) => this.#isDue(mark, fromHours, time - quietMs));
    if (first !== undefined) {
      const { organizationId } = first;
      const day = dayOf(first);
      const ofDay = marks.filter(
        (mark) =>
          mark.organizationId === organizationId &&
          dayOf(mark) === day &&
          this.#isDue(mark, fromHours, time - quietMs),
      );
      return { organizationId, day, marks: ofDay };
    }
    const unfinished =
      ids.find((id) => fromHours.get(id) !== 0) ??
      (await on.rollUpProgress.findOne({ fromHour: { $gt: 0 } }))?._id ??
      (await this.#withoutRollUps(on));
    return unfinished === undefined ? null : { organizationId: unfinished, marks: null };
  }

  #isDue(
    { _id, organizationId, hour, changes }: Mark,
    fromHours: ReadonlyMap<string, number>,
    quietSince: number,
  ): boolean {
    if (hour < (fromHours.get(organizationId) ?? Number.POSITIVE_INFINITY)) return false;
    return changes === 0 || this.#seen.get(_id.toHexString())!.since <= quietSince;
  }

  async #withoutRollUps(on: Connection): Promise<string | undefined> {
    if (performance.now() - this.#searchedAt < SEARCH_PAUSE_MS) return undefined;
    const [found] = await organizationsWithoutRollUps(on);
    if (found === undefined) this.#searchedAt = performance.now();
    return found;
  }
}

function dayOf({ hour }: RollUpMarkDocument): number {
  return Math.floor(hour / HOURS_OF_DAY);
}

/** The organizations that no roll-ups were begun for. */
export async function organizationsWithoutRollUps(on: Connection): Promise<string[]> {
  const all = await on.organizations.find({}, { projection: { _id: 1 } }).toArray();
  const begun = await on.rollUpProgress.find({}, { projection: { _id: 1 } }).toArray();
  const known = new Set(begun.map(({ _id }) => _id));
  return all.map(({ _id }) => _id).filter((id) => !known.has(id));
}

interface BuiltHour {
  readonly mark: Mark;
  /** In the order of `ROLL_UPS`. */
  readonly cells: readonly Cells[];
}

/** Builds the cells of hours of one day from their logs; not all of them if they have many logs. */
async function buildHours(
  on: Connection,
  organizationId: string,
  day: number,
  marks: readonly Mark[],
  limits: RollUpLimits,
): Promise<void> {
  const progress = await on.rollUpProgress.findOne({ _id: organizationId });
  if (progress === null) return;
  const built: BuiltHour[] = [];
  const byHour = new Map(marks.map((mark) => [mark.hour, mark]));
  let logs = 0;
  for (const [from, to] of successive([...byHour.keys()])) {
    const cells = await cellsOfHours(on, organizationId, from, to, LOGS_AT_ONCE - logs);
    for (const [hour, builder] of cells) {
      const finished = builder.finish(limits.hourBytesPerLog, limits.dayBytesPerGroup);
      built.push({ mark: byHour.get(hour)!, cells: finished });
      logs += builder.logs;
    }
    if (logs >= LOGS_AT_ONCE) break;
  }
  const unchanged = await withUnchangedMarks(on, organizationId, built);
  if (unchanged.length === 0) return;
  const cells = new Map(unchanged.map(({ mark, cells: ofHour }) => [mark.hour, ofHour]));
  const isComplete = await writeDay(on, organizationId, day, cells);
  const isDone = isComplete
    ? (await noteHoursLeftOut(on, progress, unchanged)) &&
      (await clearMarks(on, organizationId, unchanged)) &&
      // Else all roll-ups were deleted meanwhile, perhaps with what was written here.
      (await isCurrentBuild(on, progress))
    : // Another process builds the same hours, from the same logs.
      (await withUnchangedMarks(on, organizationId, unchanged)).length === unchanged.length;
  if (isDone) return;
  // What was written may be older than what another process has built meanwhile.
  await markHours(on, new Map([[organizationId, new Map(unchanged.map(({ mark }) => [mark.hour, 1]))]]));
}

/** Numbers as ranges; the end of a range is exclusive. */
function successive(numbers: readonly number[]): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last?.[1] === number) last[1]++;
    else ranges.push([number, number + 1]);
  }
  return ranges;
}

async function withUnchangedMarks(
  { rollUpMarks }: Connection,
  organizationId: string,
  built: readonly BuiltHour[],
): Promise<BuiltHour[]> {
  const hours = built.map(({ mark }) => mark.hour);
  const marks = await rollUpMarks.find({ organizationId, hour: { $in: hours } }).toArray();
  const isSame = ({ _id, changes }: Mark) =>
    marks.some((mark) => mark._id.equals(_id) && mark.changes === changes);
  return built.filter(({ mark }) => isSame(mark));
}

/**
 * Notes which roll-ups leave out hours. That comes before their marks are cleared, so who reads the progress after the marks knows it.
 *
 * @returns false if all roll-ups were deleted meanwhile.
 */
async function noteHoursLeftOut(
  { rollUpProgress }: Connection,
  { _id, build }: RollUpProgressDocument,
  built: readonly BuiltHour[],
): Promise<boolean> {
  const codes = ROLL_UPS.filter((_, i) => built.some(({ cells }) => cells[i] === null)).map(
    ({ code }) => code,
  );
  if (codes.length === 0) return true;
  const update = { $addToSet: { leavesOut: { $each: codes } } };
  return (await rollUpProgress.updateOne({ _id, build }, update)).matchedCount > 0;
}

async function isCurrentBuild(
  { rollUpProgress }: Connection,
  { _id, build }: RollUpProgressDocument,
): Promise<boolean> {
  return (await rollUpProgress.findOne({ _id, build })) !== null;
}

/** Returns false if any of the marks has changed. */
async function clearMarks(
  { rollUpMarks }: Connection,
  organizationId: string,
  built: readonly BuiltHour[],
): Promise<boolean> {
  const deletes = built.map(({ mark: { _id, changes } }) => ({
    deleteOne: { filter: { _id, organizationId, changes } },
  }));
  const { deletedCount } = await rollUpMarks.bulkWrite(deletes, { ordered: false });
  return deletedCount === built.length;
}

/**
 * Adds the newest day with logs that is not rolled up yet. Its hours are marked first, so that its logs are read until their cells
 * are built. An hour that had no mark has no insert in flight: each of them marks its hours before it begins.
 */
async function extendBackwards(on: Connection, organizationId: string): Promise<void> {
  const progress = await on.rollUpProgress.findOne({ _id: organizationId });
  const newest = await currentLogs(on).findOne(
    { organizationId, ...(progress && { createdAt: { $lt: new Date(progress.fromHour * HOUR_MS) } }) },
    {
      sort: { createdAt: -1, _id: -1 },
      hint: MONGO_INDEXES.newest.name,
      projection: { _id: 0, createdAt: 1 },
    },
  );
  const time = newest?.createdAt.getTime();
  const fromHour = time === undefined ? 0 : Math.floor(time / DAY_MS) * HOURS_OF_DAY;
  if (time !== undefined) {
    const end = Math.floor(time / HOUR_MS) + 1;
    const hours = Array.from({ length: end - fromHour }, (_, i) => fromHour + i);
    await markUnbuilt(on, organizationId, hours);
  }
  if (progress !== null) {
    const { _id, build } = progress;
    await on.rollUpProgress.updateOne({ _id, build, fromHour: progress.fromHour }, { $set: { fromHour } });
    return;
  }
  try {
    await on.rollUpProgress.insertOne({
      _id: organizationId,
      fromHour,
      build: new ObjectId(),
      leavesOut: [],
    });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
}

/**
 * Deletes all roll-ups. Marks stay: an insert may be in flight. The progress is deleted again at the end, because another process
 * may have built cells meanwhile that were then deleted.
 */
export async function resetRollUps(on: Connection): Promise<void> {
  await on.rollUpProgress.deleteMany({});
  await on.rollUpContents.deleteMany({});
  await on.rollUpDays.deleteMany({});
  await on.rollUpProgress.deleteMany({});
}
