import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.ts';
import { CountedPermits, Lanes, type Permits, SizedPermits } from './permits.ts';

const LIMITS = { message: 'Too many', waiting: 6, waitingPerKey: 4, waitMs: 60_000 };
const twoPermits = () => new CountedPermits(2, 1);
const NOTHING = () => undefined;

/** Starts tasks that run until `end` is called; `started` lists their names in the order in which they started. */
function tasks<P>(queue: FairQueue<P>) {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    started,
    run(key: string, name: string, signal?: AbortSignal, size?: number) {
      const { promise, resolve } = Promise.withResolvers<string>();
      ends.set(name, () => resolve(name));
      const work = () => {
        started.push(name);
        return promise;
      };
      return queue.run(key, work, signal, size);
    },
    async end(name: string) {
      ends.get(name)!();
      await settled();
    },
  };
}

/** Resolves after all pending promise callbacks have run. */
const settled = () => new Promise((done) => setImmediate(done));

describe('a fair queue', () => {
  it('gives a key no more than its share of permits, and serves the waiting keys round-robin', async () => {
    const work = tasks(new FairQueue(twoPermits(), LIMITS));
    const all = [
      ...['a1', 'a2', 'a3', 'a4'].map((name) => work.run('a', name)),
      ...['b1', 'b2'].map((name) => work.run('b', name)),
      work.run('c', 'c1'),
    ];
    expect(work.started).toEqual(['a1', 'b1']);
    await work.end('b1');
    expect(work.started.slice(2)).toEqual(['b2']);
    await work.end('a1');
    expect(work.started.slice(3)).toEqual(['a2']);
    await work.end('a2');
    expect(work.started.slice(4)).toEqual(['c1']);
    await work.end('c1');
    expect(work.started.slice(5)).toEqual(['a3']);
    for (const name of ['b2', 'a3', 'a4']) await work.end(name);
    expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1']);
  });

  it('rejects a task at once when too many tasks are waiting, of its key or in total', async () => {
    const work = tasks(new FairQueue(twoPermits(), LIMITS));
    const tooMany = { code: 'UNAVAILABLE', retryAfter: 1 };
    const of = (key: string, count: number) =>
      Array.from({ length: count }, (_, i) => work.run(key, key + i).catch(NOTHING));
    of('a', 5);
    await expect(work.run('a', 'one too many')).rejects.toMatchObject(tooMany);
    of('b', 3);
    await expect(work.run('c', 'one too many in total')).rejects.toMatchObject(tooMany);
    expect(work.started).toEqual(['a0', 'b0']);
  });

  it('removes a task that waited too long or whose client has disconnected, and frees its place in the queue', async () => {
    const work = tasks(new FairQueue(twoPermits(), { ...LIMITS, waitMs: 20 }));
    void work.run('a', 'a1');
    await expect(work.run('a', 'late')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const client = new AbortController();
    const aborted = Array.from({ length: 4 }, (_, i) => work.run('a', `aborted${i}`, client.signal));
    client.abort();
    for (const one of aborted) await expect(one).rejects.toMatchObject({ code: 'CLIENT_CLOSED_REQUEST' });
    await expect(work.run('a', 'aborted before', client.signal)).rejects.toMatchObject({
      code: 'CLIENT_CLOSED_REQUEST',
    });
    const last = work.run('a', 'a2');
    await work.end('a1');
    await work.end('a2');
    expect(await last).toBe('a2');
    expect(work.started).toEqual(['a1', 'a2']);
  });

  it('releases the permit of a task that failed', async () => {
    const queue = new FairQueue(new CountedPermits(1, 1), LIMITS);
    await expect(queue.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await queue.run('a', async () => 'yes')).toBe('yes');
  });

  it('gives a running task the free permits of its key while no task waits', async () => {
    const queue = new FairQueue(new CountedPermits(4, 3), LIMITS);
    const work = tasks(queue);
    const first = work.run('a', 'a1');
    const releases = queue.spare('a', 9);
    expect(releases).toHaveLength(2);
    expect(queue.spare('a', 9)).toEqual([]);
    const others = [work.run('b', 'b1'), work.run('b', 'b2')];
    expect(work.started).toEqual(['a1', 'b1']);
    expect(queue.spare('b', 9)).toEqual([]);
    releases[0]!();
    await settled();
    expect(work.started).toEqual(['a1', 'b1', 'b2']);
    releases[1]!();
    expect(queue.spare('a', 9)).toHaveLength(1);
    for (const name of ['a1', 'b1', 'b2']) await work.end(name);
    expect(await Promise.all([first, ...others])).toEqual(['a1', 'b1', 'b2']);
  });

  it('keeps the permit for a promise that outlives the task', async () => {
    const queue = new FairQueue(new CountedPermits(1, 1), LIMITS);
    const { promise, reject } = Promise.withResolvers<void>();
    const answered = queue.run('a', async (_permit, hold) => {
      hold(promise);
      return 'answered';
    });
    expect(await answered).toBe('answered');
    const started: string[] = [];
    const next = queue.run('b', async () => started.push('b'));
    await settled();
    expect(started).toEqual([]);
    reject(new Error('ended'));
    await next;
    expect(started).toEqual(['b']);
  });

  it.each([
    ['permits', twoPermits],
    ['lanes', () => new Lanes(2, 3)],
  ] as const)('runs every other task, whichever tasks are aborted or rejected: %s', async (_name, make) => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(fc.tuple(fc.nat(2), fc.boolean())), async (s, requested) => {
        const queue = new FairQueue<unknown>(make() as Permits<unknown>, LIMITS);
        const work = () => s.schedule(Promise.resolve());
        const results = requested.map(([key, leaves]) => {
          const client = new AbortController();
          if (leaves) void s.schedule(Promise.resolve()).then(() => client.abort());
          return queue.run(String(key), work, client.signal).then(
            () => 'done',
            ({ code }) => code ?? 'failed',
          );
        });
        await s.waitFor(Promise.all(results));
        for (const [i, result] of (await Promise.all(results)).entries()) {
          const allowed = ['done', 'UNAVAILABLE', ...(requested[i]![1] ? ['CLIENT_CLOSED_REQUEST'] : [])];
          expect(allowed).toContain(result);
        }
        for (const key of ['0', '1', '2']) expect(await queue.run(key, async () => key)).toBe(key);
      }),
    );
  });

  it('a key that keeps its lane busy must leave it when another key is waiting', async () => {
    const work = tasks(new FairQueue(new Lanes(2, 2), LIMITS));
    for (const key of ['a', 'b']) for (const n of [1, 2, 3]) void work.run(key, key + n);
    expect(work.started).toEqual(['a1', 'a2', 'b1', 'b2']);
    void work.run('c', 'c1');
    await work.end('a1');
    await work.end('b1');
    expect(work.started.slice(4)).toEqual([]);
    await work.end('a2');
    expect(work.started.slice(4)).toEqual(['a3']);
    await work.end('b2');
    expect(work.started.slice(5)).toEqual(['b3']);
    await work.end('a3');
    expect(work.started.slice(6)).toEqual(['c1']);
  });
});

describe('permits', () => {
  const steps = fc.array(fc.tuple(fc.nat(3), fc.boolean(), fc.boolean()), { maxLength: 200 });

  it('one key never holds more than its share, and all keys together never more than the total', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const permits = new CountedPermits(5, 2);
        const taken: string[] = [];
        for (const [n, releases] of all) {
          const key = String(n);
          if (releases && taken.includes(key)) {
            permits.release(key);
            taken.splice(taken.indexOf(key), 1);
          } else {
            const free = taken.length < 5 && taken.filter((one) => one === key).length < 2;
            expect(permits.acquire(key)).toBe(free ? true : undefined);
            if (free) taken.push(key);
          }
        }
      }),
    );
  });

  it('one key holds a lane at a time, a key never holds all lanes, and no slot is acquired twice', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const [count, depth] = [3, 4];
        const lanes = new Lanes(count, depth);
        const taken: { key: string; lane: number; slot: number }[] = [];
        for (const [n, releases, contended] of all) {
          const key = String(n);
          const own = taken.find((one) => one.key === key);
          if (releases && own !== undefined) {
            taken.splice(taken.indexOf(own), 1);
            lanes.release(key, own);
            continue;
          }
          const permit = lanes.acquire(key, contended);
          if (permit === undefined) continue;
          for (const other of taken.filter(({ lane }) => lane === permit.lane)) {
            expect(other.key).toBe(key);
            expect(other.slot).not.toBe(permit.slot);
          }
          taken.push({ key, ...permit });
          const held = taken.filter((one) => one.key === key).map(({ lane }) => lane);
          expect(new Set(held).size).toBeLessThan(count);
          expect(permit.slot).toBeLessThan(depth);
        }
        for (const one of taken) lanes.release(one.key, one);
        for (let i = 0; i < (count - 1) * depth; i++) expect(lanes.acquire('a', false)).toBeDefined();
        expect(lanes.acquire('a', false)).toBeUndefined();
        expect(lanes.acquire('b', true)).toBeDefined();
      }),
    );
  });
});

describe('sized permits', () => {
  it('admit tasks while they fit both limits, and larger tasks alone', async () => {
    const run = fc.record({ key: fc.constantFrom('a', 'b', 'c'), size: fc.integer({ min: 1, max: 15 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 0, max: 12 }),
        fc.array(run, { maxLength: 30 }),
        async (s, size, maxPerKey, runs) => {
          const limits = { ...LIMITS, waiting: 100, waitingPerKey: 100 };
          const queue = new FairQueue(new SizedPermits(size, maxPerKey), limits);
          const inside = new Set<(typeof runs)[number]>();
          const sum = (some: Iterable<{ size: number }>) => [...some].reduce((all, one) => all + one.size, 0);
          const done = runs.map((one) =>
            queue.run(
              one.key,
              async () => {
                inside.add(one);
                const own = [...inside].filter(({ key }) => key === one.key);
                expect(inside.size === 1 || sum(inside) <= size).toBe(true);
                expect(own.length === 1 || sum(own) <= maxPerKey).toBe(true);
                await s.schedule(Promise.resolve());
                inside.delete(one);
              },
              undefined,
              one.size,
            ),
          );
          await s.waitFor(Promise.all(done));
          expect(inside.size).toBe(0);
        },
      ),
    );
  });

  it('of one key leave permits for another key', async () => {
    const work = tasks(new FairQueue(new SizedPermits(30, 20), LIMITS));
    const all = [
      work.run('a', 'a1', undefined, 10),
      work.run('a', 'a2', undefined, 10),
      work.run('a', 'a3', undefined, 10),
    ];
    all.push(work.run('b', 'b1', undefined, 10));
    expect(work.started).toEqual(['a1', 'a2', 'b1']);
    for (const name of ['a1', 'a2', 'a3', 'b1']) await work.end(name);
    expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3', 'b1']);
  });
});
