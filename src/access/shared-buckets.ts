import type { Draw, Drawn } from '../store/bucket.ts';
import type { RateStore } from '../store/store.ts';
import type { MemoryBuckets } from './memory-buckets.ts';

/** For how long a store that failed is not asked again, in milliseconds. */
const AWAY_MS = 5_000;

/**
 * The buckets that several processes share, by their store: one call of it for each draw. What is refused by what this
 * process knows already is refused without asking, as others can only have drawn more. While the store is away, this
 * process goes on by itself, from where it last stood.
 *
 * @param report is called with what kept the store from answering.
 */
export function sharedBuckets(
  store: RateStore,
  here: MemoryBuckets,
  report: (error: unknown) => void,
): (name: string, draw: Draw, now: number) => Promise<Drawn> {
  let awayUntil = Number.NEGATIVE_INFINITY;
  return async (name, draw, now) => {
    const refused = !draw.starving && !here.look(name, draw).granted;
    if (refused || now < awayUntil) return here.draw(name, draw);
    try {
      const result = await store.draw(name, draw);
      here.keep(name, result.state, draw);
      return result;
    } catch (error) {
      report(error);
      awayUntil = now + AWAY_MS;
      return here.draw(name, draw);
    }
  };
}
