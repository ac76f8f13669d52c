import type { Document } from 'mongodb';
import {
  type BucketDecision,
  type BucketRequest,
  type BucketState,
  consumeFrom,
  idleFrom,
  MAX_SKEW_MS,
  RESERVE,
  RESERVED_FILLS,
} from '../bucket.ts';
import type { Connection } from './connection.ts';
import type { BucketDocument } from './documents.ts';
import { isDuplicate } from './errors.ts';

/** The time limit for rate-limit commands, in milliseconds. Beyond it, each process falls back to its own count. */
const MAX_MS = 500;

/** Consumes in one round trip: the server reads, computes and writes in a single step. A new bucket takes three round trips. */
export async function consume(
  { buckets }: Connection,
  name: string,
  requested: BucketRequest,
): Promise<BucketDecision> {
  const step = () =>
    buckets.findOneAndUpdate({ _id: name }, consumePipeline(requested), {
      returnDocument: 'after',
      maxTimeMS: MAX_MS,
    });
  let after = await step();
  if (after === null) {
    // Not an upsert: if several run at the same time, one of them may succeed without returning the document.
    await buckets.insertOne(fullBucket(name, requested), { maxTimeMS: MAX_MS }).catch((error: unknown) => {
      if (!isDuplicate(error)) throw error;
    });
    after = await step();
  }
  if (after === null) throw new Error('The database returned no bucket.');
  return { granted: after.granted, state: stateOf(after) };
}

/** `consumeFrom` of `bucket.ts` as an update pipeline. The tests compare both. */
export function consumePipeline({
  capacity,
  fillMs,
  cost,
  now,
  isWithinShare,
  isStarving,
}: BucketRequest): Document[] {
  const time = new Date(now);
  const latest = new Date(now + MAX_SKEW_MS);
  const next = { $max: [time, { $min: ['$at', latest] }] };
  const elapsed = { $min: [fillMs, { $max: [0, { $subtract: [next, '$at'] }] }] };
  const refilled = { $divide: [{ $multiply: [elapsed, capacity] }, fillMs] };
  const stillUsed = { $subtract: [{ $min: [capacity, '$used'] }, refilled] };
  const unreserved = isWithinShare ? capacity : capacity * (1 - RESERVE);
  return [
    { $set: { used: { $max: [0, stillUsed] }, at: next } },
    {
      $set: {
        granted: {
          $lte: [
            { $add: ['$used', cost] },
            { $cond: [{ $gt: ['$reservedUntil', time] }, unreserved, capacity] },
          ],
        },
      },
    },
    {
      $set: {
        used: { $cond: ['$granted', { $add: ['$used', cost] }, '$used'] },
        ...(isStarving && {
          reservedUntil: {
            $cond: ['$granted', '$reservedUntil', new Date(Math.ceil(now + RESERVED_FILLS * fillMs))],
          },
        }),
      },
    },
    { $set: { idleFrom: { $max: [{ $add: ['$at', Math.ceil(fillMs)] }, '$reservedUntil'] } } },
  ];
}

/** A new bucket, which is full. */
export function fullBucket(_id: string, requested: BucketRequest): BucketDocument {
  const { granted, state } = consumeFrom(undefined, { ...requested, cost: 0 });
  return {
    _id,
    used: state.used,
    at: new Date(state.at),
    reservedUntil: new Date(state.reservedUntil),
    granted,
    idleFrom: new Date(idleFrom(state, requested)),
  };
}

function stateOf({ used, at, reservedUntil }: BucketDocument): BucketState {
  return { used, at: at.getTime(), reservedUntil: reservedUntil.getTime() };
}
