import type { Filter } from 'mongodb';
import type { RollUpUse } from '../../roll-ups/choose.ts';
import type { DayCells } from '../../roll-ups/day-cells.ts';
import { type KeyRange, onlyKey } from '../../roll-ups/group-key.ts';
import { cellsIn, type SplitTime } from '../../roll-ups/split-time.ts';
import type { Connection } from '../connection.ts';
import type { RollUpDayDocument } from '../documents.ts';
import type { Contents } from './roll-up-state.ts';

/** Documents in one reply, of a few kB each. */
const BATCH_SIZE = 5_000;

/**
 * Calls `add` with the cells of a roll-up on these days, of all groups or of those that can match.
 *
 * @param column `total`, or the encoded `hours`.
 */
export async function readDayCells(
  { rollUpDays, budget }: Connection,
  organizationId: string,
  use: RollUpUse,
  days: readonly number[],
  column: keyof DayCells,
  add: (day: number, key: string, cells: Uint8Array) => void,
): Promise<void> {
  const filter = dayFilter(organizationId, use, days);
  if (filter === null) return;
  const cursor = rollUpDays.find(filter, {
    ...budget(),
    hint: 'group',
    projection: { _id: 0, day: 1, key: 1, [column]: 1 },
    batchSize: BATCH_SIZE,
    promoteBuffers: true,
  });
  try {
    while (await cursor.hasNext()) {
      // Throws if nobody waits any more.
      budget();
      for (const document of cursor.readBufferedDocuments()) {
        add(document.day, document.key, document[column] as unknown as Uint8Array);
      }
    }
  } finally {
    await cursor.close();
  }
}

/** The most cells that answering reads from the days of a split. */
export async function daySizes(
  { rollUpDays, budget }: Connection,
  organizationId: string,
  use: RollUpUse,
  time: SplitTime,
  contents: readonly Contents[],
): Promise<number> {
  const groups = new Map<number, number>();
  if (use.keys === null) {
    for (const { rollUp, day, groups: count } of contents) {
      if (rollUp === use.rollUp.code) groups.set(day, count);
    }
  } else {
    const filter = dayFilter(organizationId, use, [...time.days, ...time.hours.keys()]);
    if (filter === null) return 0;
    const counts = rollUpDays.aggregate<{ _id: number; count: number }>(
      [{ $match: filter }, { $group: { _id: '$day', count: { $sum: 1 } } }],
      { ...budget(), hint: 'group' },
    );
    for (const { _id, count } of await counts.toArray()) groups.set(_id, count);
  }
  return cellsIn(time, groups);
}

/** Null if there is nothing to read. */
function dayFilter(
  organizationId: string,
  { rollUp, keys }: RollUpUse,
  days: readonly number[],
): Filter<RollUpDayDocument> | null {
  if (days.length === 0 || keys?.length === 0) return null;
  const [from, to] = [Math.min(...days), Math.max(...days)];
  return {
    organizationId,
    rollUp: rollUp.code,
    day: to - from + 1 === days.length ? { $gte: from, $lte: to } : { $in: [...days] },
    ...(keys !== null && keyFilter(keys)),
  };
}

/** A set of keys takes DocumentDB half of the time of as many ranges. */
function keyFilter(keys: readonly KeyRange[]): Filter<RollUpDayDocument> {
  const single = keys.map(onlyKey).filter((key) => key !== null);
  if (single.length === keys.length) return { key: { $in: single } };
  return { $or: keys.map(({ from, to }) => ({ key: { $gte: from, $lt: to } })) };
}
