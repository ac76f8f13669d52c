import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../lib/time-units.ts';
import { type DemoOptions, demoLogs } from './demo-logs.ts';
import { incidentSearches, slowReads } from './incident.ts';

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

describe.each([0, 9 * HOUR_MS, DAY_MS - 1])('the incident, %s ms after midnight', (afterMidnight) => {
  const options = { organizationId: 'demo', count: 100, first: 2_000, now: MIDNIGHT + afterMidnight };
  const start = MIDNIGHT - 2 * DAY_MS + 14 * HOUR_MS + 5 * MINUTE_MS;

  it('is in the afternoon of the day before yesterday, and fails most searches of one customer', () => {
    const logs = incidentSearches(options).map(({ log }) => log);
    expect(logs).toHaveLength(100);
    for (const { createdAt, consumerId, durationMs, userAgent, traceId } of logs) {
      expect(createdAt).toBeGreaterThanOrEqual(start);
      expect(createdAt).toBeLessThan(start + 40 * MINUTE_MS);
      expect(consumerId).toBe('cus_harbor');
      expect(durationMs).toBeGreaterThanOrEqual(2 * SECOND_MS);
      expect(userAgent).toContain('4.3.0');
      expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    }
    const failed = logs.filter(({ errorType }) => errorType === 'search_timeout');
    expect(failed.length).toBeGreaterThan(50);
    expect(failed.length).toBeLessThan(90);
    expect(incidentSearches(options)).toEqual(incidentSearches(options));
  });

  it('slows down the reads of all customers until it ends, and they recover', () => {
    const logs = slowReads(options).map(({ log }) => log);
    expect(logs).toHaveLength(100);
    const slowest = (from: number, to: number) =>
      Math.max(
        ...logs
          .filter(({ createdAt }) => from <= createdAt - start && createdAt - start < to)
          .map(({ durationMs }) => durationMs!),
      );
    const parts = [0, 10, 20, 30].map((from) => slowest(from * MINUTE_MS, (from + 10) * MINUTE_MS));
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    expect(parts[3]).toBeGreaterThan(2 * SECOND_MS);
    expect(slowest(53 * MINUTE_MS, 55 * MINUTE_MS)).toBeLessThan(SECOND_MS / 2);
    expect(logs.filter(({ createdAt }) => createdAt < start || createdAt >= start + 55 * MINUTE_MS)).toEqual(
      [],
    );
    expect(new Set(logs.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(new Set(logs.map(({ consumerId }) => consumerId)).size).toBe(4);
    expect(slowReads(options)).toEqual(slowReads(options));
  });
});
