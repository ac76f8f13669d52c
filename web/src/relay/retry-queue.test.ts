import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ConnectionStatus } from './connection-status.ts';
import { retryNow, turnEnds, waitForTurn } from './retry-queue.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const status = (kind: 'rate-limited' | 'unreachable', waitMs: number): ConnectionStatus => ({
  kind,
  message: null,
  retryAt: Date.now() + waitMs,
});

/** Waits for a turn and notes the name when it comes. */
function wait(
  sent: string[],
  name: string,
  kind: 'rate-limited' | 'unreachable',
  signal?: AbortSignal,
): void {
  waitForTurn(status(kind, 1_000), signal ?? new AbortController().signal).then(
    () => sent.push(name),
    () => {},
  );
}

test('one request is sent at a time, the newest first, and the others as soon as it is answered', async () => {
  const sent: string[] = [];
  for (const name of ['a', 'b', 'c']) wait(sent, name, 'rate-limited');
  await vi.advanceTimersByTimeAsync(999);
  expect(sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual(['c']);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sent).toEqual(['c']);
  turnEnds(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual(['c', 'b']);
  turnEnds(false);
  wait(sent, 'b again', 'rate-limited');
  await vi.advanceTimersByTimeAsync(999);
  expect(sent).toEqual(['c', 'b']);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toEqual(['c', 'b', 'b again']);
  turnEnds(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual(['c', 'b', 'b again', 'a']);
  turnEnds(true);
});

test('a request that fails for another reason than the rate limit lets the others go first', async () => {
  const sent: string[] = [];
  wait(sent, 'a', 'unreachable');
  wait(sent, 'b', 'unreachable');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent).toEqual(['a']);
  turnEnds(false);
  wait(sent, 'a again', 'unreachable');
  retryNow();
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual(['a', 'b']);
  turnEnds(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual(['a', 'b', 'a again']);
  turnEnds(true);
});

test('an aborted request is not sent', async () => {
  const sent: string[] = [];
  const controller = new AbortController();
  wait(sent, 'a', 'rate-limited', controller.signal);
  wait(sent, 'b', 'rate-limited');
  controller.abort();
  await vi.advanceTimersByTimeAsync(1_000);
  turnEnds(true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(sent).toEqual(['b']);
});
