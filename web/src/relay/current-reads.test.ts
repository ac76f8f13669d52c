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
  /** A component of the question waits for a request. */
  const read = (name: string, question: string) => {
    reads.reader = question;
    reads.record(name);
  };
  const show = (question: string) => reads.setShown({ question });
  return { show, read, ask, answer: (name: string) => answers.get(name)!(), take };
}

test('a request that only an earlier question waits for is aborted, and sent again if it is wanted again', async () => {
  const { show, read, ask, answer, take } = trial();
  // The first render, before it is known what is shown.
  ask('a');
  read('a', 'first');
  show('first');
  expect(await take()).toEqual(['send a']);

  show('second');
  ask('b');
  read('b', 'second');
  expect(await take()).toEqual(['send b', 'abort a']);

  show('third');
  expect(await take()).toEqual(['abort b']);
  read('a', 'third');
  expect(await take()).toEqual(['send a']);
  answer('a');
  expect(await take()).toEqual(['answer a']);
});

test('a request that no component waits for, or that both questions wait for, goes on', async () => {
  const { show, read, ask, answer, take } = trial();
  show('first');
  ask('count');
  await take();
  show('second');
  expect(await take()).toEqual([]);
  answer('count');
  expect(await take()).toEqual(['answer count']);

  ask('values');
  read('values', 'second');
  show('third');
  read('values', 'third');
  expect(await take()).toEqual(['send values']);
  answer('values');
  expect(await take()).toEqual(['answer values']);
});

test('a component that still shows the question before does not keep its request', async () => {
  const { show, read, ask, take } = trial();
  show('first');
  ask('a');
  read('a', 'first');
  show('second');
  read('a', 'first');
  expect(await take()).toEqual(['send a', 'abort a']);
  read('a', 'first');
  expect(await take()).toEqual([]);
});
