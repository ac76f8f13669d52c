import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { testApp } from '../../../test/support/app.ts';
import { Remote } from './remote.ts';

it('limits the pending calls: calls beyond the limit fail at once with UNAVAILABLE, the others succeed', async () => {
  const app = await testApp();
  await app.key('acme');
  const calls = Array.from({ length: 100 }, () => app.store.setPlan('acme', 'archive'));
  const results = await Promise.allSettled(calls);
  const refused = results.filter((one) => one.status === 'rejected').map(({ reason }) => reason);
  expect(results.filter((one) => one.status === 'fulfilled').length).toBe(64);
  expect(refused).toHaveLength(36);
  for (const error of refused) expect(error).toMatchObject({ code: 'UNAVAILABLE', retryAfter: 1 });
  expect(await app.store.setPlan('acme', 'archive')).toBe(true);
  await app.close();
});

it('a call whose arguments cannot be cloned fails and does not count as pending', async () => {
  const remote = new Remote<{ echo(value: unknown): unknown }>(new URL('data:text/javascript,'), null, {
    maxPending: 1,
  });
  await expect(remote.call('echo', () => undefined)).rejects.toThrow('could not be cloned');
  expect(remote.pending).toBe(0);
  await remote.close();
});

it('a thread that needs more memory than it may ends: its calls are UNAVAILABLE, and the next one starts another', async () => {
  const source = `
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ id, args: [megabytes] }) => {
      const held = Array.from({ length: megabytes }, (_, i) => new Array(131_072).fill(i + 0.5));
      parentPort.postMessage({ id, value: held.length });
    });`;
  const file = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
  const remote = new Remote<{ hold(megabytes: number): number }>(file, null, {
    maxPending: 9,
    resourceLimits: { maxOldGenerationSizeMb: 32 },
  });
  expect(await remote.call('hold', 1)).toBe(1);
  await expect(remote.call('hold', 1_000)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfter: 1 });
  expect(await remote.call('hold', 2)).toBe(2);
  await remote.close();
});

it('a thread that is idle ends, and the next call starts another', async () => {
  const source = `
    import { parentPort, threadId } from 'node:worker_threads';
    parentPort.on('message', ({ id, args: [ms] }) => {
      setTimeout(() => parentPort.postMessage({ id, value: threadId }), ms);
    });`;
  const file = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
  const remote = new Remote<{ threadAfter(ms: number): number }>(file, null, { maxPending: 9, idleMs: 300 });
  const first = await remote.call('threadAfter', 0);
  // A thread with a pending call is not idle, however long the call takes.
  expect(await remote.call('threadAfter', 700)).toBe(first);
  await setTimeout(600);
  const second = await remote.call('threadAfter', 0);
  expect(second).not.toBe(first);
  expect(await remote.call('threadAfter', 0)).toBe(second);
  await remote.close();
});
