import type { Draw, Drawn } from '../store/bucket.ts';
import type { RateStore } from '../store/store.ts';
import type { MemoryBuckets } from './memory-buckets.ts';

/** For how long a store that failed is not asked again, in milliseconds. */
const AWAY_MS = 5_000;

/** A draw that waits for its answer. */
interface Waiting {
  readonly draw: Draw;
  readonly now: number;
  answer(drawn: Drawn): void;
}

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
    while (line.length > 0) await drawn(name, line.splice(0, fitting(name, line)));
    lines.delete(name);
  }

  /** How many at the head of a line can be drawn at once: alike, and no more than fits as far as is known here. */
  function fitting(name: string, line: readonly Waiting[]): number {
    const [first] = line;
    let count = 1;
    while (count < line.length) {
      const next = line.slice(0, count + 1);
      if (!isAlike(first!.draw, line[count]!.draw) || !fits(name, together(next))) break;
      count += 1;
    }
    return count;
  }

  async function drawn(name: string, some: readonly Waiting[]): Promise<void> {
    const draw = together(some);
    const [{ now }] = some as [Waiting];
    // What was learned since it came may refuse it.
    if (now < awayUntil || (!draw.starving && !fits(name, draw))) return alone(name, some);
    try {
      const { granted, state } = await store.draw(name, draw);
      here.keep(name, state, draw);
      if (!granted && some.length > 1) {
        for (const one of some) await drawn(name, [one]);
        return;
      }
      let { used } = state;
      for (const one of some.toReversed()) {
        one.answer({ granted, state: { ...state, used } });
        used -= one.draw.cost;
      }
    } catch (error) {
      report(error);
      awayUntil = now + AWAY_MS;
      alone(name, some);
    }
  }

  function alone(name: string, some: readonly Waiting[]): void {
    for (const { draw, answer } of some) answer(here.draw(name, draw));
  }

  return (name, draw, now) => {
    const { promise, resolve: answer } = Promise.withResolvers<Drawn>();
    const line = lines.get(name);
    if (line === undefined) void serve(name, [{ draw, now, answer }]);
    else line.push({ draw, now, answer });
    return promise;
  };
}

/** Whether both may be drawn as one. */
function isAlike(one: Draw, other: Draw): boolean {
  return (
    one.capacity === other.capacity &&
    one.fillMs === other.fillMs &&
    one.modest === other.modest &&
    !one.starving &&
    !other.starving
  );
}

function together(some: readonly Waiting[]): Draw {
  const draws = some.map(({ draw }) => draw);
  const cost = draws.reduce((sum, draw) => sum + draw.cost, 0);
  return { ...draws[0]!, cost, now: Math.max(...draws.map(({ now }) => now)) };
}
