import { expect, it } from 'vitest';
import { replayable } from './replay.ts';

class Numbers {
  calls = 0;
  async double(value: number): Promise<number> {
    this.calls += 1;
    return value * 2;
  }
  async paid(values: readonly number[], pay: (cost: number) => Promise<void>): Promise<number> {
    this.calls += 1;
    for (const value of values) await pay(value);
    return values.length;
  }
}

it('after rewind, returns recorded results to calls with the same arguments', async () => {
  const numbers = new Numbers();
  const { object, rewind, forget } = replayable(numbers);
  expect([await object.double(1), await object.double(1), numbers.calls]).toEqual([2, 2, 2]);
  rewind();
  expect([await object.double(1), numbers.calls]).toEqual([2, 2]);
  expect([await object.double(2), numbers.calls]).toEqual([4, 3]);
  forget();
  expect([await object.double(1), numbers.calls]).toEqual([2, 4]);
});

it('calls the callbacks of the repeated call as those of the first one were called', async () => {
  const numbers = new Numbers();
  const { object, rewind } = replayable(numbers);
  const first: number[] = [];
  const again: number[] = [];
  const pending = object.paid([3, 4], async (cost) => void first.push(cost));
  rewind();
  expect(await object.paid([3, 4], async (cost) => void again.push(cost))).toBe(2);
  expect(await pending).toBe(2);
  expect([first, again, numbers.calls]).toEqual([[3, 4], [3, 4], 1]);
});

it('fails again as the first call did, and if a callback refuses', async () => {
  const { object, rewind } = replayable(new Numbers());
  const refuse = () => Promise.reject(new Error('refused'));
  await expect(object.paid([1], refuse)).rejects.toThrow('refused');
  expect(await object.paid([2], async () => undefined)).toBe(1);
  rewind();
  await expect(object.paid([1], async () => undefined)).rejects.toThrow('refused');
  await expect(object.paid([2], refuse)).rejects.toThrow('refused');
});
