/** The state of one token bucket. */
export interface BucketState {
  /** Tokens that were consumed and have not been refilled yet; 0 if the bucket is full. */
  readonly used: number;
  /** The time of `used`, in Unix milliseconds. */
  readonly at: number;
  /**
   * Unix milliseconds. Until this time, clients over their share cannot use the part `RESERVE` of the bucket; 0 if nothing
   * is reserved.
   */
  readonly reservedUntil: number;
}

/** A request to consume tokens from a bucket. */
export interface BucketRequest {
  /** Number of tokens in a full bucket. */
  readonly capacity: number;
  /** Milliseconds in which an empty bucket is refilled, at a constant rate. */
  readonly fillMs: number;
  /** Number of tokens to consume; 0 only reads the state. */
  readonly cost: number;
  /**
   * Unix milliseconds. For a fixed window, pass the start of the window for the whole window: the bucket is then refilled
   * completely when the next window starts.
   */
  readonly now: number;
  /** Whether the client is within its fair share and may use the reserve. */
  readonly isWithinShare: boolean;
  /** Whether the client has been refused for so long that the reserve starts if it is refused again. */
  readonly isStarving: boolean;
}

export interface BucketDecision {
  /** If false, nothing was consumed. */
  readonly granted: boolean;
  readonly state: BucketState;
}

/** The fraction of a bucket that is reserved for clients within their share after one of them starved. */
export const RESERVE = 0.5;
/** How long it is reserved, in multiples of `fillMs`. */
export const RESERVED_FILLS = 20;
/** The maximum difference between the clocks of processes that share a bucket. Beyond it, the clock that is behind counts. */
export const MAX_SKEW_MS = 60_000;

/**
 * One step of a token bucket (a meter in the sense of ITU-T I.371): refills it up to now, then consumes the cost, or nothing
 * if the tokens do not suffice. Every rate limit uses this rule; a shared store applies it in one atomic step.
 */
export function consumeFrom(before: BucketState | undefined, consume: BucketRequest): BucketDecision {
  const { used, at, reservedUntil } = before ?? { used: 0, at: consume.now, reservedUntil: 0 };
  const { capacity, fillMs, cost, now, isStarving } = consume;
  const next = Math.max(now, Math.min(at, now + MAX_SKEW_MS));
  const refilled = (Math.min(fillMs, Math.max(0, next - at)) * capacity) / fillMs;
  // After a change to a plan with a smaller bucket, `used` is capped at the new capacity.
  const stillUsed = Math.max(0, Math.min(capacity, used) - refilled);
  const granted = stillUsed + cost <= usable({ reservedUntil }, consume);
  return {
    granted,
    state: {
      used: granted ? stillUsed + cost : stillUsed,
      at: next,
      reservedUntil: isStarving && !granted ? Math.ceil(now + RESERVED_FILLS * fillMs) : reservedUntil,
    },
  };
}

/** The number of tokens of the bucket that the client may use. */
export function usable(
  { reservedUntil }: Pick<BucketState, 'reservedUntil'>,
  { capacity, now, isWithinShare }: Pick<BucketRequest, 'capacity' | 'now' | 'isWithinShare'>,
): number {
  return isWithinShare || reservedUntil <= now ? capacity : capacity * (1 - RESERVE);
}

/** The time from which a bucket equals a new one and can be deleted, in Unix milliseconds. */
export function idleFrom(
  { at, reservedUntil }: BucketState,
  { fillMs }: Pick<BucketRequest, 'fillMs'>,
): number {
  return Math.max(Math.ceil(at + fillMs), reservedUntil);
}

/** The name of an organization's bucket on an API. */
export function bucketName(api: string, organizationId: string): string {
  return `${api}/${organizationId}`;
}
