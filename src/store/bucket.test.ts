import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyDraws } from '../../test/store/consumptions.ts';
import { type BucketState, type Draw, drawn, idleFrom, MAX_SKEW_MS } from './bucket.ts';

const START = Date.UTC(2026, 0, 1);
const modest = { modest: true, starving: false } as const;
const RULE = { capacity: 30, fillMs: 3_000 };

/** What each of these draws got, one after the other. */
function grants(draws: readonly Draw[]): { draw: Draw; granted: boolean; state: BucketState }[] {
  let state: BucketState | undefined;
  return draws.map((draw) => {
    const result = drawn(state, draw);
    state = result.state;
    return { draw, ...result };
  });
}

describe('a bucket', () => {
  it('gives in no span of time more than it holds and what came back meanwhile', () => {
    fc.assert(
      fc.property(anyDraws, (draws) => {
        const given = grants(draws).filter(({ granted }) => granted);
        for (let from = 0; from < given.length; from++) {
          let sum = 0;
          for (const { draw } of given.slice(from)) {
            sum += draw.cost;
            const back = ((draw.now - given[from]!.draw.now) * draw.capacity) / draw.fillMs;
            expect(sum).toBeLessThanOrEqual(draw.capacity + back + 1e-6);
          }
        }
      }),
    );
  });

  it('refuses only what it does not hold, and then draws nothing', () => {
    fc.assert(
      fc.property(anyDraws, (draws) => {
        let tokens = draws[0]!.capacity;
        let at = draws[0]!.now;
        for (const { draw, granted, state } of grants(draws.map((draw) => ({ ...draw, ...modest })))) {
          tokens = Math.min(draw.capacity, tokens + ((draw.now - at) * draw.capacity) / draw.fillMs);
          at = draw.now;
          // A hair's breadth from the edge, both answers are right.
          if (Math.abs(tokens - draw.cost) > 1e-6) expect(granted).toBe(tokens >= draw.cost);
          if (granted) tokens -= draw.cost;
          expect(state.used).toBeCloseTo(draw.capacity - tokens, 5);
        }
      }),
    );
  });

  it('fills at once with each window where it is told the start of the window', () => {
    const minute = { capacity: 3, fillMs: 60_000, cost: 1, ...modest };
    const draws = [0, 0, 0, 0, 1, 1, 1, 1].map((n) => ({ ...minute, now: START + n * 60_000 }));
    expect(grants(draws).map(({ granted }) => granted)).toEqual([
      ...[true, true, true, false],
      ...[true, true, true, false],
    ]);
  });

  it('is as if it had never been used once it is idle', () => {
    fc.assert(
      fc.property(anyDraws, fc.nat(10_000), (draws, later) => {
        const last = draws.at(-1)!;
        const { state } = grants(draws).at(-1)!;
        const now = idleFrom(state, last) + later;
        for (const cost of [0, 1, last.capacity]) {
          const again = { ...last, cost, now };
          const fresh = drawn(undefined, again);
          const { granted, state: after } = drawn(state, again);
          expect(granted).toBe(fresh.granted);
          expect(after.used).toBeCloseTo(fresh.state.used, 6);
        }
      }),
    );
  });

  it('does not fill twice where clocks differ, and does not stay empty for a clock that was far ahead', () => {
    const draw = { ...RULE, cost: 30, now: START, ...modest };
    const { state } = drawn(undefined, draw);
    expect(drawn(state, { ...draw, cost: 1, now: START - 2_000 }).granted).toBe(false);
    const ahead = drawn(undefined, { ...draw, now: START + 3_600_000 }).state;
    const behind = drawn(ahead, { ...draw, cost: 1 });
    expect(behind.granted).toBe(false);
    expect(drawn(behind.state, { ...draw, now: START + MAX_SKEW_MS + RULE.fillMs }).granted).toBe(true);
  });

  it('that holds less by another plan now is empty at most', () => {
    const { state } = drawn(undefined, { ...RULE, capacity: 1_000, cost: 1_000, now: START, ...modest });
    expect(drawn(state, { ...RULE, cost: 1, now: START + 100, ...modest }).granted).toBe(true);
  });

  it('is left by half to the modest after one of them starved, for a time', () => {
    const ask = (state: BucketState | undefined, over: Partial<Draw>) =>
      drawn(state, { ...RULE, cost: 1, now: START, ...modest, ...over });
    const empty = ask(undefined, { cost: 30, modest: false }).state;
    const reserved = ask(empty, { starving: true }).state;
    expect(reserved.reservedUntil).toBe(START + 60_000);
    const greedy = (seconds: number, cost: number) =>
      ask(reserved, { modest: false, cost, now: START + seconds * 1000 }).granted;
    expect([greedy(1, 1), greedy(1.5, 1), greedy(1.6, 1), greedy(3, 15), greedy(3, 16)]).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
    expect(ask(reserved, { now: START + 100 }).granted).toBe(true);
    expect(greedy(60, 30)).toBe(true);
  });
});
