import { type AnyBulkWriteOperation, Binary, type Collection, type Document, ObjectId } from 'mongodb';
import { withBit, withoutBit } from '../../../lib/bits.ts';
import { HOURS_OF_DAY } from '../../../lib/time-units.ts';
import type { Cells } from '../../roll-ups/builder.ts';
import { type DayCells, withHours } from '../../roll-ups/day-cells.ts';
import { ROLL_UPS } from '../../roll-ups/declared.ts';
import type { Connection } from '../connection.ts';
import type { RollUpContentsDocument, RollUpDayDocument } from '../documents.ts';
import { isDuplicateWrite } from '../errors.ts';

/** Documents that are read together. */
const GROUPS_AT_ONCE = 5_000;
/** Documents that are written by one command. */
const WRITES_AT_ONCE = 500;

/** An hour of the day, from 0, and its cells in the order of `ROLL_UPS`. */
type HourCells = readonly [hour: number, cells: readonly Cells[]];

/**
 * Replaces the cells of hours in the documents of a day. A document that another process changed since it was read is not changed.
 *
 * @param cells by hour since 1970, in the order of `ROLL_UPS`.
 * @returns false if another process changed any of the documents.
 */
export async function writeDay(
  on: Connection,
  organizationId: string,
  day: number,
  cells: ReadonlyMap<number, readonly Cells[]>,
): Promise<boolean> {
  const hours = [...cells].map(([hour, ofHour]) => [hour - day * HOURS_OF_DAY, ofHour] as const);
  const codes = ROLL_UPS.map(({ code }) => code);
  const contents = new Map(
    (
      await on.rollUpContents.find({ organizationId, rollUp: { $in: codes }, day }, { hint: 'day' }).toArray()
    ).map((one) => [one.rollUp, one]),
  );
  const groups = new Map<number, number>();
  for (const some of inSets((index) => {
    const known = contents.get(ROLL_UPS[index]!.code)?.groups ?? 0;
    return hours.reduce((sum, [, ofHour]) => sum + (ofHour[index]?.size ?? 0), known);
  })) {
    if (!(await writeGroups(on, organizationId, day, some, hours, groups))) return false;
  }
  const writes = ROLL_UPS.flatMap(({ code }, index): AnyBulkWriteOperation<RollUpContentsDocument>[] => {
    const before = contents.get(code);
    const count = groups.get(code) ?? 0;
    let hoursLeftOut = before?.hoursLeftOut ?? 0;
    for (const [hour, ofHour] of hours) {
      hoursLeftOut = ofHour[index] === null ? withBit(hoursLeftOut, hour) : withoutBit(hoursLeftOut, hour);
    }
    if (count === (before?.groups ?? 0) && hoursLeftOut === (before?.hoursLeftOut ?? 0)) return [];
    const ofDay = { organizationId, rollUp: code, day };
    const document = { ...ofDay, groups: count, hoursLeftOut, version: new ObjectId() };
    if (before === undefined) return [{ insertOne: { document } }];
    const filter = { ...ofDay, version: before.version };
    const isEmpty = count === 0 && hoursLeftOut === 0;
    return [isEmpty ? { deleteOne: { filter } } : { replaceOne: { filter, replacement: document } }];
  });
  return writeAll(on.rollUpContents, writes);
}

/** Divides the roll-ups, by their indexes, into sets that are not too large. */
function inSets(sizeOf: (index: number) => number): number[][] {
  const sets: number[][] = [[]];
  let size = 0;
  for (const index of ROLL_UPS.keys()) {
    size += sizeOf(index);
    if (size > GROUPS_AT_ONCE && sets.at(-1)!.length > 0) {
      sets.push([]);
      size = sizeOf(index);
    }
    sets.at(-1)!.push(index);
  }
  return sets;
}

/**
 * @param indexes of roll-ups.
 * @param groups receives the number of groups by the code of each roll-up.
 */
async function writeGroups(
  on: Connection,
  organizationId: string,
  day: number,
  indexes: readonly number[],
  hours: readonly HourCells[],
  groups: Map<number, number>,
): Promise<boolean> {
  const codes = indexes.map((index) => ROLL_UPS[index]!.code);
  const known = Map.groupBy(
    await on.rollUpDays.find({ organizationId, rollUp: { $in: codes }, day }, { hint: 'group' }).toArray(),
    ({ rollUp }) => rollUp,
  );
  const writes: AnyBulkWriteOperation<RollUpDayDocument>[] = [];
  for (const index of indexes) {
    const { code } = ROLL_UPS[index]!;
    const documentOf = (key: string, { total, hours: ofDay }: DayCells): RollUpDayDocument => ({
      organizationId,
      rollUp: code,
      day,
      key,
      total: new Binary(total),
      hours: new Binary(ofDay),
      version: new ObjectId(),
    });
    const changesOf = (key: string) =>
      new Map(hours.map(([hour, ofHour]) => [hour, ofHour[index]?.get(key)]));
    const left = new Set(hours.flatMap(([, ofHour]) => [...(ofHour[index]?.keys() ?? [])]));
    let count = 0;
    for (const { _id, key, version, total, hours: ofDay } of known.get(code) ?? []) {
      const before = { total: total.buffer, hours: ofDay.buffer };
      const after = withHours(before, day, changesOf(key));
      left.delete(key);
      const filter = { _id, organizationId, version };
      if (after !== undefined) count++;
      if (after === undefined) writes.push({ deleteOne: { filter } });
      else if (after !== before) writes.push({ replaceOne: { filter, replacement: documentOf(key, after) } });
    }
    for (const key of left) {
      count++;
      const document = documentOf(key, withHours(undefined, day, changesOf(key))!);
      writes.push({ insertOne: { document } });
    }
    groups.set(code, count);
  }
  return writeAll(on.rollUpDays, writes);
}

/** Returns false if any of the documents was changed, deleted or created meanwhile. */
async function writeAll<D extends Document>(
  collection: Collection<D>,
  writes: readonly AnyBulkWriteOperation<D>[],
): Promise<boolean> {
  for (let i = 0; i < writes.length; i += WRITES_AT_ONCE) {
    const some = writes.slice(i, i + WRITES_AT_ONCE);
    try {
      const done = await collection.bulkWrite(some, { ordered: false });
      if (done.insertedCount + done.matchedCount + done.deletedCount !== some.length) return false;
    } catch (error) {
      if (isDuplicateWrite(error)) return false;
      throw error;
    }
  }
  return true;
}
