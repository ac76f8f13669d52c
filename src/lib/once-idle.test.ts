import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { onceIdle } from './once-idle.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it('runs the work once, after the first idle second', () => {
  const loop = vi.spyOn(performance, 'eventLoopUtilization');
  const busy = (utilization: number) =>
    loop.mockReturnValue({ utilization, active: 0, idle: 0 } satisfies EventLoopUtilization);
  const work = vi.fn();
  busy(0.5);
  onceIdle(work);
  vi.advanceTimersByTime(5_000);
  expect(work).not.toHaveBeenCalled();
  busy(0.01);
  vi.advanceTimersByTime(1_000);
  expect(work).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(5_000);
  expect(work).toHaveBeenCalledTimes(1);
});
