import { type AnyBulkWriteOperation, Binary, ObjectId } from 'mongodb';
import { DAY_MS, HOUR_MS } from '../../../lib/time-units.ts';
import type { Cells } from '../../roll-ups/builder.ts';
import { type DayCells, withHours } from '../../roll-ups/day-cells.ts';
import type { RollUp } from '../../roll-ups/declared.ts';
import type { Connection } from '../connection.ts';
import type { RollUpDayDocument } from '../documents.ts';
import { isDuplicateWrite } from '../errors.ts';

const HOURS_OF_DAY = DAY_MS / HOUR_MS;
/** Documents that are written by one command. */
const WRITES_AT_ONCE = 500;

/**
 * Replaces the cells of hours in the documents of one roll-up and day. A document that another process changed since it was read
 * is not changed.
 *
 * @param cells by hour since 1970.
 * @returns false if another process changed any of the documents.
 */
export async function writeDay(
  on: Connection,
  organizationId: string,
  { code }: RollUp,
  day: number,
  cells: ReadonlyMap<number, Cells>,
): Promise<boolean> {
  const ofDay = { organizationId, rollUp: code, day };
  const hours = [...cells].map(([hour, groups]) => [hour - day * HOURS_OF_DAY, groups] as const);
  const changesOf = (key: string) => new Map(hours.map(([hour, groups]) => [hour, groups?.get(key)]));
  const left = new Set(hours.flatMap(([, groups]) => [...(groups?.keys() ?? [])]));
  const known = await on.rollUpDays.find(ofDay, { hint: 'group' }).toArray();
  const contents = await on.rollUpContents.findOne(ofDay, { hint: 'day' });
  const writes: AnyBulkWriteOperation<RollUpDayDocument>[] = [];
  const documentOf = (key: string, { total, hours }: DayCells): RollUpDayDocument => ({
    ...ofDay,
    key,
    total: new Binary(total),
    hours: new Binary(hours),
    version: new ObjectId(),
  });
  let groups = 0;
  for (const { _id, key, version, total, hours } of known) {
    const before = { total: total.buffer, hours: hours.buffer };
    const after = withHours(before, day, changesOf(key));
    left.delete(key);
    const filter = { _id, organizationId, version };
    if (after !== undefined) groups++;
    if (after === undefined) writes.push({ deleteOne: { filter } });
    else if (after !== before) writes.push({ replaceOne: { filter, replacement: documentOf(key, after) } });
  }
  for (const key of left) {
    groups++;
    const document = documentOf(key, withHours(undefined, day, changesOf(key))!);
    writes.push({ insertOne: { document } });
  }
  for (let i = 0; i < writes.length; i += WRITES_AT_ONCE) {
    const some = writes.slice(i, i + WRITES_AT_ONCE);
    const done = await withoutDuplicates(on.rollUpDays.bulkWrite(some, { ordered: false }));
    if (done === null || done.insertedCount + done.matchedCount + done.deletedCount !== some.length)
      return false;
  }
  let hoursLeftOut = contents?.hoursLeftOut ?? 0;
  for (const [hour, ofHour] of hours) {
    hoursLeftOut = ofHour === null ? hoursLeftOut | (1 << hour) : hoursLeftOut & ~(1 << hour);
  }
  return writeContents(on, ofDay, contents, groups, hoursLeftOut);
}

async function writeContents(
  { rollUpContents }: Connection,
  ofDay: { readonly organizationId: string; readonly rollUp: number; readonly day: number },
  before: { readonly groups: number; readonly hoursLeftOut: number; readonly version: ObjectId } | null,
  groups: number,
  hoursLeftOut: number,
): Promise<boolean> {
  const isEmpty = groups === 0 && hoursLeftOut === 0;
  const document = { ...ofDay, groups, hoursLeftOut, version: new ObjectId() };
  if (before === null) {
    return isEmpty || (await withoutDuplicates(rollUpContents.insertOne(document))) !== null;
  }
  if (before.groups === groups && before.hoursLeftOut === hoursLeftOut) return true;
  const filter = { ...ofDay, version: before.version };
  if (isEmpty) return (await rollUpContents.deleteOne(filter)).deletedCount === 1;
  return (await rollUpContents.replaceOne(filter, document)).matchedCount === 1;
}

/** Null if a document of that key was created meanwhile. */
async function withoutDuplicates<T>(write: Promise<T>): Promise<T | null> {
  try {
    return await write;
  } catch (error) {
    if (isDuplicateWrite(error)) return null;
    throw error;
  }
}
