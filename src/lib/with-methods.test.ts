import { expect, it } from 'vitest';
import { withMethods } from './with-methods.ts';

class Counter {
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(more: number): number {
    this.#count += more;
    return this.#count;
  }

  twice = (value: number) => value * 2;
}

it('replaces methods, keeps all other members, and its methods can be called detached', () => {
  const counter = new Counter();
  const replaced = withMethods(counter, (name, own) =>
    name === 'add' ? (more) => own((more as number) + 1) : own,
  );
  const { add, twice } = replaced;
  expect([add(1), twice(4), replaced.count]).toEqual([2, 8, 2]);
  counter.twice = (value) => value * 3;
  expect(twice(4)).toBe(12);
});
