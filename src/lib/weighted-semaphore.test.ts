import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { WeightedSemaphore } from './weighted-semaphore.ts';

it('admits work in arrival order while it fits; work larger than the limit runs alone', async () => {
  const weights = fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 12 }), weights, async (limit, tasks) => {
      const semaphore = new WeightedSemaphore(limit);
      const running = new Set<number>();
      const started: number[] = [];
      const work = async (weight: number, i: number) => {
        running.add(i);
        started.push(i);
        const used = [...running].reduce((sum, one) => sum + tasks[one]!, 0);
        expect(used <= limit || running.size === 1).toBe(true);
        await Promise.resolve();
        running.delete(i);
        if (weight === 15) throw new Error('broken');
      };
      const done = await Promise.allSettled(
        tasks.map((weight, i) => semaphore.run(weight, () => work(weight, i))),
      );
      expect(done.filter(({ status }) => status === 'rejected')).toHaveLength(
        tasks.filter((weight) => weight === 15).length,
      );
      expect(started).toEqual(tasks.map((_, i) => i));
    }),
  );
});
