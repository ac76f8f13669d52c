import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { currentCall, runInCall } from '../telemetry/call.ts';
import { defer, finishDeferred } from './deferred.ts';

it('runs deferred work in order, including work that it defers itself, outside the context of any request', async () => {
  const done: unknown[] = [];
  const request = new Request('http://localhost/');
  runInCall({ requestId: 'req_1', api: 'scrip', address: null, trace: null, request }, () => {
    defer(() => {
      done.push(currentCall());
      defer(() => done.push('added'));
    });
  });
  defer(() => done.push('second'));
  await null;
  expect(done).toEqual([]);
  await setTimeout(30);
  expect(done).toEqual([undefined, 'second', 'added']);
});

it('runs the remaining and all later work after a failure', async () => {
  const done: number[] = [];
  defer(() => {
    throw new Error('broken');
  });
  defer(() => done.push(1));
  expect(finishDeferred).toThrow('broken');
  expect(done).toEqual([1]);
  defer(() => done.push(2));
  await setTimeout(30);
  expect(done).toEqual([1, 2]);
});

it('finishDeferred runs the work immediately, and it does not run again', async () => {
  const done: number[] = [];
  defer(() => done.push(1));
  finishDeferred();
  expect(done).toEqual([1]);
  await setTimeout(30);
  expect(done).toEqual([1]);
});
