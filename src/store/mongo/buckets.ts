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

/** A rate limit is not worth a longer wait: past it, each process counts alone. */
const MAX_MS = 500;

/** One round trip: the server reads, computes and writes in a single step. The first request to a new bucket takes three. */
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
    // Not by an upsert: of several at once, one may be done without an answer.
    await buckets.insertOne(fullBucket(name, requested), { maxTimeMS: MAX_MS }).catch((error: unknown) => {
      if (!isDuplicate(error)) throw error;
    });
    after = await step();
  }
  if (after === null) throw new Error('The database gave no bucket.');
  return { granted: after.granted, state: stateOf(after) };
}

/** `consumeFrom` of `bucket.ts`, as an update that the server does; the tests compare both. */
export function consumePipeline({
  capacity,
  fillMs,
  cost,
  now,
  isWithinShare,
  isStarving,
}: BucketRequest): Document[] {
  const time = new Date(now);
  const furthest = new Date(now + MAX_SKEW_MS);
  const next = { $max: [time, { $min: ['$at', furthest] }] };
  const passed = { $min: [fillMs, { $max: [0, { $subtract: [next, '$at'] }] }] };
  const back = { $divide: [{ $multiply: [passed, capacity] }, fillMs] };
  const still = { $subtract: [{ $min: [capacity, '$used'] }, back] };
  const open = isWithinShare ? capacity : capacity * (1 - RESERVE);
  return [
    { $set: { used: { $max: [0, still] }, at: next } },
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

/** A bucket of which nothing was consumed yet. */
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
