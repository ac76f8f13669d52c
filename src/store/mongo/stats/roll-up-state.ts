import type { Document } from 'mongodb';
import { hasBit } from '../../../lib/bits.ts';
import { DAY_MS, HOUR_MS, HOURS_OF_DAY } from '../../../lib/time-units.ts';
import type { TimeRange } from '../../../stats/intervals.ts';
import { coverageOf, type RollUpState } from '../../roll-ups/coverage.ts';
import { ROLL_UPS, type RollUp } from '../../roll-ups/declared.ts';
import { clipped } from '../../roll-ups/ranges.ts';
import type { Coverage } from '../../roll-ups/split-time.ts';
import type { Connection } from '../connection.ts';
import type { RollUpContentsDocument, RollUpMarkDocument, RollUpProgressDocument } from '../documents.ts';
import { COLLECTIONS } from '../schema/collections.ts';

export type Contents = Pick<RollUpContentsDocument, 'rollUp' | 'day' | 'groups' | 'hoursLeftOut'>;

/** Which hours of an organization are rolled up in a range of time, and what the marks say of them. */
export interface RollUpMarks {
  readonly state: RollUpState;
  readonly progress: RollUpProgressDocument;
  /** Changed hours that can have more logs than their cells and their changes say. */
  readonly uncountedHours: ReadonlySet<number>;
}

/** What the roll-ups of an organization hold in a range of time. */
export interface StoredRollUps extends RollUpMarks {
  /** Of each day; empty if the roll-ups leave nothing out. */
  readonly contents: readonly Contents[];
  /** The part of the range that can have logs; null if there is none. */
  readonly range: TimeRange | null;
}

/** The days of a shorter range are read without looking which of them have cells, in milliseconds. */
const MAX_UNKNOWN_MS = 400 * DAY_MS;

/**
 * Reads the progress, then the marks, then the contents, if they are needed: what they say of an hour without a mark stays true until
 * it is marked again. In another order, an hour could be marked after the marks were read, built after the rest was read, and its mark
 * be cleared before `areCurrent` looks.
 *
 * @param rollUps those that are read.
 * @returns null if nothing is rolled up.
 */
export async function readRollUps(
  on: Connection,
  organizationId: string,
  window: TimeRange,
  rollUps: readonly RollUp[],
): Promise<StoredRollUps | null> {
  const { progress, marks: found } = await progressAndMarks(on, organizationId, window);
  if (progress === null) return null;
  const marks = marksOf(progress, found);
  const leaving = leavingOut(progress, rollUps);
  if (leaving.length === 0 && window.to - window.from <= MAX_UNKNOWN_MS) {
    return { ...marks, contents: [], range: window };
  }
  const { filter, projection } = contentsOf(organizationId, window, leaving);
  const contents = await on.rollUpContents
    .find(filter, { ...on.budget(), hint: 'day', projection, batchSize: BATCH_SIZE })
    .toArray();
  return { ...marks, contents, range: rangeOf(window, marks, contents) };
}

/**
 * The same by one command, which may read the contents before the marks: enough for an estimate, not for an answer. It has the contents of all roll-ups that are
 * given.
 */
export async function estimateRollUps(
  on: Connection,
  organizationId: string,
  window: TimeRange,
  rollUps: readonly RollUp[],
): Promise<StoredRollUps | null> {
  const { filter, projection } = contentsOf(organizationId, window, rollUps);
  const pipeline = [{ $match: filter }, { $project: projection }];
  const found = await progressAndMarks(on, organizationId, window, [
    { $unionWith: { coll: COLLECTIONS.rollUpContents.name, pipeline } },
  ]);
  if (found.progress === null) return null;
  const marks = marksOf(found.progress, found.marks);
  const contents = found.others as Document[] as Contents[];
  return { ...marks, contents, range: rangeOf(window, marks, contents) };
}

/**
 * Whether what was read from cells is what the logs were then: none of the hours is marked, and the roll-ups are of the same build and
 * leave out no more.
 *
 * @param hours a bit for each hour that was read, by day.
 */
export async function areCurrent(
  on: Connection,
  organizationId: string,
  window: TimeRange,
  rollUps: readonly RollUp[],
  hours: ReadonlyMap<number, number>,
  before: RollUpMarks,
): Promise<boolean> {
  const { marks, progress } = await progressAndMarks(on, organizationId, window);
  const isChanged = marks.some(({ hour }) =>
    hasBit(hours.get(Math.floor(hour / HOURS_OF_DAY)) ?? 0, hour % HOURS_OF_DAY),
  );
  return (
    !isChanged &&
    progress !== null &&
    progress.build.equals(before.progress.build) &&
    leavingOut(progress, rollUps).length === leavingOut(before.progress, rollUps).length
  );
}

/** Those of the roll-ups that may leave out hours. */
function leavingOut({ leavesOut }: RollUpProgressDocument, rollUps: readonly RollUp[]): RollUp[] {
  return rollUps.filter(({ code }) => leavesOut === undefined || leavesOut.includes(code));
}

type Mark = Pick<RollUpMarkDocument, 'hour' | 'changes' | 'isUncounted'>;

function marksOf(progress: RollUpProgressDocument, marks: readonly Mark[]): RollUpMarks {
  return {
    state: {
      fromHour: progress.fromHour,
      changedHours: new Map(marks.map(({ hour, changes }) => [hour, changes])),
      changedUnits: new Map(),
      denseHours: new Map(),
    },
    progress,
    uncountedHours: new Set(marks.filter(({ isUncounted }) => isUncounted).map(({ hour }) => hour)),
  };
}

function rangeOf(
  window: TimeRange,
  { state: { fromHour, changedHours } }: RollUpMarks,
  contents: readonly Contents[],
): TimeRange | null {
  const days = contents.filter(({ rollUp }) => rollUp === EVERY_DAY.code).map(({ day }) => day);
  const hours = [...changedHours.keys()];
  const ends = (pick: (...numbers: number[]) => number) => ({
    days: reduced(days, pick),
    hours: reduced(hours, pick),
  });
  const [first, last] = [ends(Math.min), ends(Math.max)];
  const limits = {
    from: fromHour > 0 ? 0 : Math.min(first.days * DAY_MS, first.hours * HOUR_MS),
    to: Math.max(fromHour * HOUR_MS, (last.days + 1) * DAY_MS, (last.hours + 1) * HOUR_MS),
  };
  const [range = null] = clipped([window], limits);
  return range;
}

/** Infinite for no numbers. */
function reduced(numbers: readonly number[], pick: (...numbers: number[]) => number): number {
  return numbers.reduce((a, b) => pick(a, b), pick());
}

export function coverageIn({ state, contents }: StoredRollUps, rollUp: RollUp): Coverage {
  const leftOut = contents
    .filter((one) => one.rollUp === rollUp.code && one.hoursLeftOut !== 0)
    .map(({ day, hoursLeftOut }) => [day, hoursLeftOut] as const);
  return coverageOf(rollUp, state, new Map(leftOut));
}

/** The marks of hours that have a part in the range. */
export async function readMarks(on: Connection, organizationId: string, window: TimeRange) {
  const options = { ...on.budget(), hint: 'organization', batchSize: BATCH_SIZE };
  return on.rollUpMarks.find(marksFilter(organizationId, window), options).toArray();
}

/**
 * Reads the progress, then the marks in a range, by one command: a lookup begins when its document was read.
 *
 * @param more stages that read `others`, at any time.
 */
async function progressAndMarks(
  { rollUpProgress, budget }: Connection,
  organizationId: string,
  window: TimeRange,
  more: readonly Document[] = [],
): Promise<{
  readonly progress: RollUpProgressDocument | null;
  readonly marks: readonly Mark[];
  readonly others: readonly Document[];
}> {
  const lookup = {
    from: COLLECTIONS.rollUpMarks.name,
    pipeline: [
      { $match: marksFilter(organizationId, window) },
      { $project: { _id: 0, hour: 1, changes: 1, isUncounted: 1 } },
    ],
    as: 'mark',
  };
  const rows = await rollUpProgress
    .aggregate<Document>(
      [
        { $match: { _id: organizationId } },
        { $lookup: lookup },
        { $unwind: { path: '$mark', preserveNullAndEmptyArrays: true } },
        ...more,
      ],
      { ...budget(), batchSize: BATCH_SIZE },
    )
    .toArray();
  const own = rows.filter(({ _id }) => _id === organizationId);
  return {
    progress: (own[0] as RollUpProgressDocument | undefined) ?? null,
    marks: own.flatMap(({ mark }): Mark[] => (mark === undefined ? [] : [mark])),
    others: rows.filter(({ _id }) => _id !== organizationId),
  };
}

/** Matches the marks of hours that have a part in the range. */
export function marksFilter(organizationId: string, { from, to }: TimeRange) {
  return { organizationId, hour: { $gte: Math.floor(from / HOUR_MS), $lt: Math.ceil(to / HOUR_MS) } };
}

/** What roll-ups hold on the days of a range, and on which days there are cells. */
function contentsOf(organizationId: string, { from, to }: TimeRange, rollUps: readonly RollUp[]) {
  const codes = [...new Set([EVERY_DAY, ...rollUps].map(({ code }) => code))];
  const day = { $gte: Math.floor(from / DAY_MS), $lt: Math.ceil(to / DAY_MS) };
  return {
    filter: { organizationId, rollUp: { $in: codes }, day },
    projection: { _id: 0, rollUp: 1, day: 1, groups: 1, hoursLeftOut: 1 } as const,
  };
}

/** The roll-up that has contents on every day with logs. */
const EVERY_DAY = ROLL_UPS[0]!;
const BATCH_SIZE = 10_000;
