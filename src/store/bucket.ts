/** The state of one token bucket. */
export interface BucketState {
  /** What was consumed and has not come back yet; 0: the bucket is full. */
  readonly used: number;
  /** When that was so, in Unix milliseconds. */
  readonly at: number;
  /** Until then, clients over their share leave `RESERVE` of the bucket to the others; 0: nothing is reserved. */
  readonly reservedUntil: number;
}

/** What is requested of a bucket. */
export interface BucketRequest {
  /** What a full bucket holds. */
  readonly capacity: number;
  /** Milliseconds in which an empty one fills, evenly. */
  readonly fillMs: number;
  /** 0 only looks. */
  readonly cost: number;
  /** Unix milliseconds. The start of a window, all the window long, makes the bucket fill at once with the next one. */
  readonly now: number;
  /** Whether the client is within its share, and may use the reserve. */
  readonly isWithinShare: boolean;
  /** Whether the client got nothing for so long that the reserve is kept from now on if it is refused again. */
  readonly isStarving: boolean;
}

export interface BucketDecision {
  /** If not, nothing was consumed. */
  readonly granted: boolean;
  readonly state: BucketState;
}

/** The part of a bucket that is reserved for clients within their share after one of them starved. */
export const RESERVE = 0.5;
/** How long it is reserved: so many times what an empty bucket needs to fill. */
export const RESERVED_FILLS = 20;
/** How far the clocks of those who share a bucket may differ; past it, the one that is behind counts. */
export const MAX_SKEW_MS = 60_000;

/**
 * One step of a token bucket (as a meter, ITU-T I.371): what came back since is added, then the cost is taken out, or
 * nothing. The one rule of every rate limit; a store does the same in one atomic step.
 */
export function consumeFrom(before: BucketState | undefined, consume: BucketRequest): BucketDecision {
  const { used, at, reservedUntil } = before ?? { used: 0, at: consume.now, reservedUntil: 0 };
  const { capacity, fillMs, cost, now, isStarving } = consume;
  const next = Math.max(now, Math.min(at, now + MAX_SKEW_MS));
  const back = (Math.min(fillMs, Math.max(0, next - at)) * capacity) / fillMs;
  // Of a plan with a smaller bucket now, no more than that bucket can be missing.
  const still = Math.max(0, Math.min(capacity, used) - back);
  const granted = still + cost <= usable({ reservedUntil }, consume);
  return {
    granted,
    state: {
      used: granted ? still + cost : still,
      at: next,
      reservedUntil: isStarving && !granted ? Math.ceil(now + RESERVED_FILLS * fillMs) : reservedUntil,
    },
  };
}

/** How much of the bucket the client may use. */
export function usable(
  { reservedUntil }: Pick<BucketState, 'reservedUntil'>,
  { capacity, now, isWithinShare }: Pick<BucketRequest, 'capacity' | 'now' | 'isWithinShare'>,
): number {
  return isWithinShare || reservedUntil <= now ? capacity : capacity * (1 - RESERVE);
}

/** From when on a bucket is as if it had never been used, in Unix milliseconds, and need not be kept. */
export function idleFrom(
  { at, reservedUntil }: BucketState,
  { fillMs }: Pick<BucketRequest, 'fillMs'>,
): number {
  return Math.max(Math.ceil(at + fillMs), reservedUntil);
}
