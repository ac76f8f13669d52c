import { AsyncLocalStorage } from 'node:async_hooks';
import type { Draw, Drawn } from '../store/bucket.ts';
import type { RateStore } from '../store/store.ts';
import type { MemoryBuckets } from './memory-buckets.ts';

/** For how long a store that failed is not asked again, in milliseconds. */
const AWAY_MS = 5_000;

/** A draw that waits for its answer. */
interface Waiting {
  readonly draw: Draw;
  readonly now: number;
  /** Does something on behalf of the request that asks. */
  readonly onBehalf: <T>(work: () => T) => T;
  answer(drawn: Drawn): void;
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
): (name: string, draw: Draw, now: number) => Promise<Drawn> {
  let awayUntil = Number.NEGATIVE_INFINITY;
  const lines = new Map<string, Waiting[]>();
  const fits = (name: string, draw: Draw) => here.look(name, draw).granted;

  async function serve(name: string, line: Waiting[]): Promise<void> {
    lines.set(name, line);
    while (line.length > 0) {
      const group = headOf(name, line);
      line.splice(0, group.all.length);
      await drawn(name, group);
    }
    lines.delete(name);
  }

  /** The head of a line, as far as the store can be asked for it by one draw. */
  function headOf(name: string, line: readonly Waiting[]): Group {
    const [{ draw: first }] = line as [Waiting];
    const all: Waiting[] = [];
    const refused = new Set<Waiting>();
    let together: Draw | null = null;
    for (const one of line) {
      const { draw } = one;
      if (draw.capacity !== first.capacity || draw.fillMs !== first.fillMs) break;
      // One that starves is to be refused by the store itself, which then keeps the reserve.
      if (draw.starving && all.length > 0) break;
      const next: Draw = joined(together, draw);
      if (fits(name, next) || draw.starving) together = next;
      // By itself, behind those before it, it would not fit either.
      else if (!fits(name, { ...next, modest: draw.modest })) refused.add(one);
      else break;
      all.push(one);
      if (draw.starving) break;
    }
    return { all, refused, together };
  }

  async function drawn(name: string, { all, refused, together }: Group): Promise<void> {
    const asks = all.find((one) => !refused.has(one));
    if (together === null || asks === undefined || asks.now < awayUntil) return alone(name, all);
    const start = performance.now();
    try {
      const { granted, state } = await asks.onBehalf(() => store.draw(name, together));
      here.keep(name, state, together);
      if (!granted && all.length > 1) {
        for (const one of all) await drawn(name, headOf(name, [one]));
        return;
      }
      let { used } = state;
      for (const one of all.toReversed()) {
        const isRefused = refused.has(one);
        one.answer({ granted: granted && !isRefused, state: { ...state, used } });
        if (!isRefused) used -= one.draw.cost;
      }
    } catch (error) {
      asks.onBehalf(() => report(error));
      awayUntil = asks.now + Math.floor(performance.now() - start) + AWAY_MS;
      alone(name, all);
    }
  }

  function alone(name: string, some: readonly Waiting[]): void {
    for (const { draw, answer } of some) answer(here.draw(name, draw));
  }

  return (name, draw, now) => {
    const { promise, resolve: answer } = Promise.withResolvers<Drawn>();
    const waiting = { draw, now, answer, onBehalf: AsyncLocalStorage.snapshot() };
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
  readonly together: Draw | null;
}

function joined(before: Draw | null, draw: Draw): Draw {
  if (before === null) return draw;
  return {
    ...draw,
    cost: before.cost + draw.cost,
    now: Math.max(before.now, draw.now),
    modest: before.modest && draw.modest,
  };
}
