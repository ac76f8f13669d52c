import { HOUR_MS } from '../../../lib/time-units.ts';
import { ROLL_UP_LIMITS } from '../../roll-ups/declared.ts';
import type { Connection } from '../connection.ts';
import { duplicatesOf } from '../errors.ts';

/** A mark that is older than this may be cleared before the work that it announces has ended, in milliseconds. */
const RENEW_MS = ROLL_UP_LIMITS.quietMs / 2;

/** Hours of one organization: by their number since 1970, how many of their logs change. */
export type ChangedHours = ReadonlyMap<number, number>;

type Marking = Pick<Connection, 'rollUpMarks'>;

/** @param createdAts the time of each log that changes, in Unix milliseconds. */
export function hoursOf(createdAts: Iterable<number>): Map<number, number> {
  const hours = new Map<number, number>();
  for (const time of createdAts) {
    const hour = Math.floor(time / HOUR_MS);
    hours.set(hour, (hours.get(hour) ?? 0) + 1);
  }
  return hours;
}

/**
 * Marks hours as changed, then does the work that changes their logs. Marked hours are read from their logs, so no answer depends
 * on how far the work has come. A mark is cleared only after it was unchanged for `quietMs`: if the work takes longer, because the
 * process was suspended, they are marked once more.
 *
 * @param mark marks the hours.
 * @param work may call `renew` before a part of the work that needs the marks of the hours to be there.
 */
export async function whileMarked<T>(
  mark: () => Promise<void>,
  work: (renew: () => Promise<void>) => Promise<T>,
): Promise<T> {
  let markedAt = performance.now();
  await mark();
  const renew = async () => {
    const now = performance.now();
    if (now - markedAt <= RENEW_MS) return;
    await mark();
    markedAt = now;
  };
  try {
    return await work(renew);
  } finally {
    await renew();
  }
}

/** Resolves when a majority has the marks. */
export async function markHours(on: Marking, changed: ReadonlyMap<string, ChangedHours>): Promise<void> {
  await upsertMarks(
    on,
    [...changed].flatMap(([organizationId, hours]) =>
      [...hours].map(([hour, changes]) => ({
        filter: { organizationId, hour },
        update: { $inc: { changes } },
      })),
    ),
  );
}

/** Marks hours whose cells are deleted: their logs are not counted any more. */
export async function markDeletedCells(
  on: Marking,
  organizationId: string,
  hours: readonly number[],
): Promise<void> {
  await upsertMarks(
    on,
    hours.map((hour) => ({
      filter: { organizationId, hour },
      update: { $inc: { changes: 1 }, $set: { isUncounted: true } },
    })),
  );
}

/** Marks hours that have no cells yet. An hour that is already marked keeps its changes. */
export async function markUnbuilt(
  on: Marking,
  organizationId: string,
  hours: readonly number[],
): Promise<void> {
  await upsertMarks(
    on,
    hours.map((hour) => ({
      filter: { organizationId, hour },
      update: { $setOnInsert: { changes: 0 }, $set: { isUncounted: true } },
    })),
  );
}

interface Upsert {
  readonly filter: { readonly organizationId: string; readonly hour: number };
  readonly update: object;
}

/** All processes write marks in the same order: DocumentDB runs a bulk write as one transaction, so others could deadlock. */
async function upsertMarks({ rollUpMarks }: Marking, unsorted: readonly Upsert[]): Promise<void> {
  const upserts = unsorted.toSorted(
    ({ filter: a }, { filter: b }) => compareTexts(a.organizationId, b.organizationId) || a.hour - b.hour,
  );
  const write = (some: readonly Upsert[]) =>
    rollUpMarks.bulkWrite(
      some.map((one) => ({ updateOne: { ...one, upsert: true } })),
      { ordered: false },
    );
  if (upserts.length === 0) return;
  try {
    await write(upserts);
  } catch (error) {
    // Two upserts of a new mark at the same time can fail; now it exists.
    await write(duplicatesOf(error).map((index) => upserts[index]!));
  }
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
