import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/time-units.ts';
import { type DemoOptions, demoLogs } from './demo-logs.ts';
import { incidentLogs } from './incident.ts';

const MIDNIGHT = Date.UTC(2026, 10, 24);
const OPTIONS: Omit<DemoOptions, 'now'> = { organizationId: 'demo', count: 700, days: 5 };
const times = (options: DemoOptions) => demoLogs(options).map(({ log }) => log.createdAt);

describe('demo logs', () => {
  it.each([0, 1, 9 * HOUR_MS, DAY_MS - 1])(
    'are within the days before now, %s ms after midnight',
    (afterMidnight) => {
      const now = MIDNIGHT + afterMidnight;
      for (const days of [0.05, 1, 5]) {
        const all = times({ ...OPTIONS, days, now });
        expect(all).toHaveLength(OPTIONS.count);
        expect(Math.max(...all)).toBeLessThanOrEqual(now);
        expect(Math.min(...all)).toBeGreaterThan(now - days * DAY_MS);
      }
    },
  );

  it('are the same on each whole day, whenever they are made', () => {
    const on = (now: number) =>
      demoLogs({ ...OPTIONS, now }).filter(
        ({ log }) => log.createdAt >= MIDNIGHT - 4 * DAY_MS && log.createdAt < MIDNIGHT,
      );
    const early = on(MIDNIGHT);
    expect(early.length).toBeGreaterThan(400);
    expect(on(MIDNIGHT + 15 * HOUR_MS)).toEqual(early);
    expect(on(MIDNIGHT + DAY_MS - 1)).toEqual(early);
  });

  it('are more in the afternoon than at night', () => {
    const hours = times({ ...OPTIONS, now: MIDNIGHT }).map((time) => Math.floor((time % DAY_MS) / HOUR_MS));
    const between = (from: number, to: number) => hours.filter((hour) => from <= hour && hour < to).length;
    expect(between(12, 16)).toBeGreaterThan(3 * between(0, 4));
  });
});

describe('the incident', () => {
  it.each([0, 9 * HOUR_MS, DAY_MS - 1])(
    'is in the afternoon of the day before yesterday, %s ms after midnight',
    (afterMidnight) => {
      const options = { organizationId: 'demo', count: 100, first: 2_000, now: MIDNIGHT + afterMidnight };
      const logs = incidentLogs(options).map(({ log }) => log);
      const start = MIDNIGHT - 2 * DAY_MS + 14 * HOUR_MS + 5 * MINUTE_MS;
      expect(logs).toHaveLength(100);
      for (const { createdAt, consumerId, durationMs } of logs) {
        expect(createdAt).toBeGreaterThanOrEqual(start);
        expect(createdAt).toBeLessThan(start + 40 * MINUTE_MS);
        expect(consumerId).toBe('cus_harbor');
        expect(durationMs).toBeGreaterThanOrEqual(2 * SECOND_MS);
      }
      const failed = logs.filter(({ errorType }) => errorType === 'search_timeout');
      expect(failed.length).toBeGreaterThan(50);
      expect(failed.length).toBeLessThan(90);
      expect(incidentLogs(options)).toEqual(incidentLogs(options));
    },
  );
});
