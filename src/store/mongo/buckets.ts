import type { Document } from 'mongodb';
import { type BucketState, type Draw, type Drawn, MAX_SKEW_MS, RESERVE, RESERVED_FILLS } from '../bucket.ts';
import type { Connection } from './connection.ts';
import type { BucketDocument } from './documents.ts';
import { isDuplicate } from './errors.ts';

/** A limit is worth no longer wait: past it, each process goes on by itself. */
const MAX_MS = 500;

/** One round trip: the server reads, reckons and writes in a single step. */
export async function draw({ buckets }: Connection, name: string, asked: Draw): Promise<Drawn> {
  const step = () =>
    buckets.findOneAndUpdate({ _id: name }, drawPipeline(asked), {
      upsert: true,
      returnDocument: 'after',
      maxTimeMS: MAX_MS,
    });
  const first = await step().catch((error: unknown) => {
    // Two first draws of a name at once: by now it is there.
    if (isDuplicate(error)) return step();
    throw error;
  });
  // Some servers make the document in such a race, and do not give it back.
  const after = first ?? (await buckets.findOne({ _id: name }, { maxTimeMS: MAX_MS }));
  if (after === null) throw new Error('The database gave no bucket.');
  return { granted: after.granted, state: stateOf(after) };
}

/** `drawn` of `bucket.ts`, as an update that the server does; the tests hold both to each other. */
export function drawPipeline({ capacity, fillMs, cost, now, modest, starving }: Draw): Document[] {
  const time = new Date(now);
  const furthest = new Date(now + MAX_SKEW_MS);
  const before = { $ifNull: ['$at', time] };
  const next = { $max: [time, { $min: [before, furthest] }] };
  const passed = { $min: [fillMs, { $max: [0, { $subtract: [next, before] }] }] };
  const back = { $divide: [{ $multiply: [passed, capacity] }, fillMs] };
  const still = { $subtract: [{ $min: [capacity, { $ifNull: ['$used', 0] }] }, back] };
  const reservedUntil = { $ifNull: ['$reservedUntil', new Date(0)] };
  const open = modest ? capacity : capacity * (1 - RESERVE);
  return [
    { $set: { used: { $max: [0, still] }, at: next, reservedUntil } },
    {
      $set: {
        granted: {
          $lte: [{ $add: ['$used', cost] }, { $cond: [{ $gt: ['$reservedUntil', time] }, open, capacity] }],
        },
      },
    },
    {
      $set: {
        used: { $cond: ['$granted', { $add: ['$used', cost] }, '$used'] },
        ...(starving && {
          reservedUntil: {
            $cond: ['$granted', '$reservedUntil', new Date(Math.ceil(now + RESERVED_FILLS * fillMs))],
          },
        }),
      },
    },
    { $set: { idleFrom: { $max: [{ $add: ['$at', Math.ceil(fillMs)] }, '$reservedUntil'] } } },
  ];
}

function stateOf({ used, at, reservedUntil }: BucketDocument): BucketState {
  return { used, at: at.getTime(), reservedUntil: reservedUntil.getTime() };
}
