import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { WeightedSemaphore } from './weighted-semaphore.ts';

it('lets in as much as fits, in the order in which it came, and what is larger than all of it alone', async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 12 }), sizes, async (size, things) => {
      const semaphore = new WeightedSemaphore(size);
      const inside = new Set<number>();
      const entered: number[] = [];
      const work = async (thing: number, i: number) => {
        inside.add(i);
        entered.push(i);
        const used = [...inside].reduce((sum, one) => sum + things[one]!, 0);
        expect(used <= size || inside.size === 1).toBe(true);
        await Promise.resolve();
        inside.delete(i);
        if (thing === 15) throw new Error('broken');
      };
      const done = await Promise.allSettled(
        things.map((thing, i) => semaphore.run(thing, () => work(thing, i))),
      );
      expect(done.filter(({ status }) => status === 'rejected')).toHaveLength(
        things.filter((thing) => thing === 15).length,
      );
      expect(entered).toEqual(things.map((_, i) => i));
    }),
  );
});
