import { AsyncLocalStorage } from 'node:async_hooks';
import type { BucketDecision, BucketRequest } from '../store/bucket.ts';
import type { RateStore } from '../store/store.ts';
import type { MemoryBuckets } from './memory-buckets.ts';

/** For how long a store that failed is not asked again, in milliseconds. */
const AWAY_MS = 5_000;

/** A draw that waits for its answer. */
interface Waiting {
  readonly consume: BucketRequest;
  readonly now: number;
  /** Does something on behalf of the request that asks. */
  readonly onBehalf: <T>(work: () => T) => T;
  answer(decision: BucketDecision): void;
}

/** Of no request, as a line outlives the one that began it. */
const ofNoRequest = AsyncLocalStorage.snapshot();

/**
 * The buckets that several processes share, by their store: one call of it at a time for each bucket. What comes to a
 * bucket meanwhile is drawn by the next call all at once, and answered as if one had been drawn after the other. What is
 * refused by what this process knows already is refused without asking, as others can only have drawn more. While the
 * store is away, this process goes on by itself, from where it last stood.
 *
 * @param report is called with what kept the store from answering.
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

  /** The head of a line, as far as the store can be asked for it by one draw. */
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
    const asks = all.find((one) => !refused.has(one));
    if (together === null || asks === undefined || asks.now < awayUntil) return alone(name, all);
    const start = performance.now();
    try {
      const { granted, state } = await asks.onBehalf(() => store.consume(name, together));
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
      asks.onBehalf(() => report(error));
      awayUntil = asks.now + Math.floor(performance.now() - start) + AWAY_MS;
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

/** Draws that follow one another, and are answered together. */
interface Group {
  readonly all: readonly Waiting[];
  /** Those that are refused by what is known here, behind those before them. */
  readonly refused: ReadonlySet<Waiting>;
  /** All others as one; null where there is none. It may use the reserve only if each of them may. */
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
