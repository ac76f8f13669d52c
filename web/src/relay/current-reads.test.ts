import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CurrentReads } from './current-reads.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Executes requests that are answered by hand, and notes what happens to them. */
function trial() {
  const reads = new CurrentReads();
  const events: string[] = [];
  const answers = new Map<string, () => void>();
  const ask = (name: string) =>
    reads
      .whileWanted(
        name,
        (wanted) =>
          new Promise<string>((resolve, reject) => {
            events.push(`send ${name}`);
            answers.set(name, () => resolve(name));
            wanted.addEventListener('abort', () => {
              events.push(`abort ${name}`);
              reject(wanted.reason);
            });
          }),
      )
      .then((answer) => events.push(`answer ${answer}`));
  const take = async () => {
    await vi.advanceTimersByTimeAsync(1_000);
    return events.splice(0);
  };
  return { reads, ask, answer: (name: string) => answers.get(name)!(), take };
}

test('a request that only an earlier question waits for is aborted, and sent again if it is wanted again', async () => {
  const { reads, ask, answer, take } = trial();
  // The first render, before it is known what is shown.
  ask('a');
  reads.record('a');
  reads.setShown('first');
  expect(await take()).toEqual(['send a']);

  reads.setShown('second');
  ask('b');
  reads.record('b');
  expect(await take()).toEqual(['send b', 'abort a']);

  reads.setShown('third');
  expect(await take()).toEqual(['abort b']);
  reads.record('a');
  expect(await take()).toEqual(['send a']);
  answer('a');
  expect(await take()).toEqual(['answer a']);
});

test('a request that no component waits for, or that both questions wait for, goes on', async () => {
  const { reads, ask, answer, take } = trial();
  reads.setShown('first');
  ask('count');
  await take();
  reads.setShown('second');
  expect(await take()).toEqual([]);
  answer('count');
  expect(await take()).toEqual(['answer count']);

  ask('values');
  reads.record('values');
  reads.setShown('third');
  reads.record('values');
  expect(await take()).toEqual(['send values']);
  answer('values');
  expect(await take()).toEqual(['answer values']);
});
