import { AsyncLocalStorage } from 'node:async_hooks';
import type { BucketDecision, BucketRequest } from '../store/bucket.ts';
import type { RateStore } from '../store/store.ts';
import type { MemoryBuckets } from './memory-buckets.ts';

/** How long a store that failed is left alone, in milliseconds. */
const AWAY_MS = 5_000;

/** A request that waits for its decision. */
interface Waiting {
  readonly consume: BucketRequest;
  readonly now: number;
  /** Runs something in the context of the HTTP request. */
  readonly onBehalf: <T>(work: () => T) => T;
  answer(decision: BucketDecision): void;
}

/** A line outlives the HTTP request that began it, so it runs in the context of none. */
const ofNoRequest = AsyncLocalStorage.snapshot();

/**
 * The buckets that several processes share through their store: one call of it at a time for each bucket. Requests that
 * arrive meanwhile are consumed together by the next call, and answered as if they had come one after the other. What this
 * process already knows to be too much is refused without a call, as others can only have consumed more. While the store
 * is away, this process counts alone, from the last state that it knows.
 *
 * @param report called with what kept the store from answering.
 */
export function sharedBuckets(
  store: RateStore,
  here: MemoryBuckets,
  report: (error: unknown) => void,
): (name: string, consume: BucketRequest, now: number) => Promise<BucketDecision> {
  let awayUntil = Number.NEGATIVE_INFINITY;
  const lines = new Map<string, Waiting[]>();
  const fits = (name: string, consume: BucketRequest) => here.look(name, consume).granted;

  async function serve(name: string, line: Waiting[]): Promise<void> {
    lines.set(name, line);
    while (line.length > 0) {
      const group = headOf(name, line);
      line.splice(0, group.all.length);
      await consumeFrom(name, group);
    }
    lines.delete(name);
  }

  /** The requests at the head of a line that one call of the store can decide. */
  function headOf(name: string, line: readonly Waiting[]): Group {
    const [{ consume: first }] = line as [Waiting];
    const all: Waiting[] = [];
    const refused = new Set<Waiting>();
    let together: BucketRequest | null = null;
    for (const one of line) {
      const { consume } = one;
      if (consume.capacity !== first.capacity || consume.fillMs !== first.fillMs) break;
      // One that starves is to be refused by the store itself, which then keeps the reserve.
      if (consume.isStarving && all.length > 0) break;
      const next: BucketRequest = joined(together, consume);
      if (fits(name, next) || consume.isStarving) together = next;
      // By itself, behind those before it, it would not fit either.
      else if (!fits(name, { ...next, isWithinShare: consume.isWithinShare })) refused.add(one);
      else break;
      all.push(one);
      if (consume.isStarving) break;
    }
    return { all, refused, together };
  }

  async function consumeFrom(name: string, { all, refused, together }: Group): Promise<void> {
    const caller = all.find((one) => !refused.has(one));
    if (together === null || caller === undefined || caller.now < awayUntil) return alone(name, all);
    const start = performance.now();
    try {
      const { granted, state } = await caller.onBehalf(() => store.consume(name, together));
      here.keep(name, state, together);
      if (!granted && all.length > 1) {
        for (const one of all) await consumeFrom(name, headOf(name, [one]));
        return;
      }
      let { used } = state;
      for (const one of all.toReversed()) {
        const isRefused = refused.has(one);
        one.answer({ granted: granted && !isRefused, state: { ...state, used } });
        if (!isRefused) used -= one.consume.cost;
      }
    } catch (error) {
      caller.onBehalf(() => report(error));
      awayUntil = caller.now + Math.floor(performance.now() - start) + AWAY_MS;
      alone(name, all);
    }
  }

  function alone(name: string, some: readonly Waiting[]): void {
    for (const { consume, answer } of some) answer(here.consume(name, consume));
  }

  return (name, consume, now) => {
    const { promise, resolve: answer } = Promise.withResolvers<BucketDecision>();
    const waiting = { consume, now, answer, onBehalf: AsyncLocalStorage.snapshot() };
    const line = lines.get(name);
    if (line === undefined) void ofNoRequest(serve, name, [waiting]);
    else line.push(waiting);
    return promise;
  };
}

/** Requests that follow one another and are decided together. */
interface Group {
  readonly all: readonly Waiting[];
  /** Those that are refused by what is known here, behind those before them. */
  readonly refused: ReadonlySet<Waiting>;
  /** All others as one; null if there is none. It may use the reserve only if each of them may. */
  readonly together: BucketRequest | null;
}

function joined(before: BucketRequest | null, consume: BucketRequest): BucketRequest {
  if (before === null) return consume;
  return {
    ...consume,
    cost: before.cost + consume.cost,
    now: Math.max(before.now, consume.now),
    isWithinShare: before.isWithinShare && consume.isWithinShare,
  };
}
