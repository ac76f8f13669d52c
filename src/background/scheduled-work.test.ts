import { afterEach, describe, expect, it } from 'vitest';
import type { Store } from '../store/store.ts';
import { ROLL_UPS, scheduleWork, TEXT_INDEX } from './scheduled-work.ts';

/** What the schedule uses of a store: the steps that are due, and the lease. */
class FakeStore {
  due = 0;
  steps = 0;
  holder: string | null = null;
  error: Error | null = null;
  step: () => Promise<void> = async () => undefined;

  readonly hasDueRollUps = async () => this.due > 0;

  readonly rollUpStep = async () => {
    if (this.error !== null) throw this.error;
    if (this.due === 0) return false;
    await this.step();
    this.due--;
    this.steps++;
    return true;
  };

  readonly lease = async (_name: string, holder: string, until: number, now: number) => {
    if (this.holder !== null && this.holder !== holder) return false;
    this.holder = until <= now ? null : holder;
    return true;
  };
}

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function scheduled(...stores: FakeStore[]) {
  const seen = { built: 0, due: [] as (number | null)[], errors: [] as unknown[] };
  for (const store of stores) {
    stops.push(
      scheduleWork(store as unknown as Store, ROLL_UPS, {
        now: () => NOW,
        done: (seconds) => {
          expect(seconds).toBeGreaterThanOrEqual(0);
          seen.built++;
        },
        due: (since) => seen.due.push(since),
        report: (error) => seen.errors.push(error),
      }),
    );
  }
  return seen;
}

const NOW = 1_700_000_000_000;

describe('scheduleWork', () => {
  it('builds until nothing is due, says since when it was due, and gives the lease back', async () => {
    const store = new FakeStore();
    store.due = 3;
    const seen = scheduled(store);
    await expect.poll(() => seen.due, { timeout: 5_000 }).toEqual([NOW, null]);
    expect({ ...seen, steps: store.steps, holder: store.holder }).toEqual({
      built: 3,
      due: [NOW, null],
      errors: [],
      steps: 3,
      holder: null,
    });
  });

  it('builds nothing while another process holds the lease, but says that it is due', async () => {
    const store = new FakeStore();
    store.due = 1;
    store.holder = 'another';
    const seen = scheduled(store);
    await expect.poll(() => seen.due, { timeout: 5_000 }).toEqual([NOW, NOW]);
    expect([seen.built, store.steps, store.holder]).toEqual([0, 0, 'another']);
    store.holder = null;
    await expect.poll(() => store.steps, { timeout: 5_000 }).toBe(1);
  });

  it('two schedules of one store never build at the same time', async () => {
    const store = new FakeStore();
    store.due = 20;
    let running = 0;
    store.step = async () => {
      expect(++running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
    };
    const seen = scheduled(store, store);
    await expect.poll(() => store.steps, { timeout: 5_000 }).toBe(20);
    expect(seen.errors).toEqual([]);
  });

  it('continues after an error, and gives the lease back', async () => {
    const store = new FakeStore();
    store.due = 1;
    store.error = new Error('away');
    const seen = scheduled(store);
    await expect.poll(() => seen.errors.length, { timeout: 5_000 }).toBeGreaterThan(0);
    expect([seen.errors[0], store.holder]).toEqual([store.error, null]);
    store.error = null;
    await expect.poll(() => store.steps, { timeout: 5_000 }).toBe(1);
  });

  it('once stopped, it waits for the current step and begins no other', async () => {
    const store = new FakeStore();
    store.due = 5;
    const [started, finish] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    store.step = () => {
      started.resolve();
      return finish.promise;
    };
    scheduled(store);
    await started.promise;
    let stopped = false;
    const stop = stops.pop()!().then(() => {
      stopped = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(stopped).toBe(false);
    finish.resolve();
    await stop;
    expect([store.steps, store.holder]).toEqual([1, null]);
  });

  it('indexes texts by the calls of the store', async () => {
    const calls: unknown[] = [];
    const store = {
      hasDueText: async (now: number) => calls.push(['hasDueText', now]) > 0,
      textIndexStep: async (now: number) => calls.push(['textIndexStep', now]) < 0,
    };
    expect([await TEXT_INDEX.isDue(store as never, 1), await TEXT_INDEX.step(store as never, 2)]).toEqual([
      true,
      false,
    ]);
    expect(calls).toEqual([
      ['hasDueText', 1],
      ['textIndexStep', 2],
    ]);
    expect(TEXT_INDEX.lease).not.toBe(ROLL_UPS.lease);
  });
});
