import { DAY_MS, HOUR_MS } from '../../../lib/time-units.ts';
import type { TimeRange } from '../../../stats/intervals.ts';
import { coverageOf, type RollUpState } from '../../roll-ups/coverage.ts';
import { ROLL_UPS, type RollUp } from '../../roll-ups/declared.ts';
import { clipped } from '../../roll-ups/ranges.ts';
import type { Coverage } from '../../roll-ups/split-time.ts';
import type { Connection } from '../connection.ts';
import type { RollUpContentsDocument } from '../documents.ts';

export type Contents = Pick<RollUpContentsDocument, 'rollUp' | 'day' | 'groups' | 'hoursLeftOut'>;

/** What the roll-ups of an organization hold in a range of time. */
export interface StoredRollUps {
  readonly state: RollUpState;
  /** Names the build that the roll-ups belong to. */
  readonly build: string;
  /** Changed hours that can have more logs than their cells and their changes say. */
  readonly uncountedHours: ReadonlySet<number>;
  readonly contents: readonly Contents[];
  /** The part of the range that can have logs; null if there is none. */
  readonly range: TimeRange | null;
}

/**
 * Reads the progress first, then the marks, then the contents: what they say of an hour without a mark stays true until it is
 * marked again.
 *
 * @param rollUps those whose contents are needed.
 * @returns null if nothing is rolled up.
 */
export async function readRollUps(
  on: Connection,
  organizationId: string,
  window: TimeRange,
  rollUps: readonly RollUp[],
): Promise<StoredRollUps | null> {
  const progress = await on.rollUpProgress.findOne({ _id: organizationId }, on.budget());
  if (progress === null) return null;
  const { fromHour, build } = progress;
  const marks = await readMarks(on, organizationId, window);
  const codes = [...new Set([ROLL_UPS[0]!, ...rollUps].map(({ code }) => code))];
  const contents = await readContents(on, organizationId, window, codes);
  const days = contents.filter(({ rollUp }) => rollUp === ROLL_UPS[0]!.code).map(({ day }) => day);
  const hours = marks.map(({ hour }) => hour);
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
  return {
    state: {
      fromHour,
      changedHours: new Map(marks.map(({ hour, changes }) => [hour, changes])),
      changedUnits: new Map(),
      denseHours: new Map(),
    },
    build: build.toHexString(),
    uncountedHours: new Set(marks.filter(({ isUncounted }) => isUncounted).map(({ hour }) => hour)),
    contents,
    range,
  };
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
export async function readMarks(on: Connection, organizationId: string, { from, to }: TimeRange) {
  const hour = { $gte: Math.floor(from / HOUR_MS), $lt: Math.ceil(to / HOUR_MS) };
  const options = { ...on.budget(), hint: 'organization', batchSize: BATCH_SIZE };
  return on.rollUpMarks.find({ organizationId, hour }, options).toArray();
}

async function readContents(
  on: Connection,
  organizationId: string,
  { from, to }: TimeRange,
  codes: readonly number[],
): Promise<Contents[]> {
  const day = { $gte: Math.floor(from / DAY_MS), $lt: Math.ceil(to / DAY_MS) };
  return on.rollUpContents
    .find(
      { organizationId, rollUp: { $in: codes }, day },
      {
        ...on.budget(),
        hint: 'day',
        projection: { _id: 0, rollUp: 1, day: 1, groups: 1, hoursLeftOut: 1 },
        batchSize: BATCH_SIZE,
      },
    )
    .toArray() as Promise<Contents[]>;
}

const BATCH_SIZE = 10_000;
