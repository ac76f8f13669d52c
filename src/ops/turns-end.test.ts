import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { callUnderWay, duringCall } from './call.ts';
import { atTurnsEnd, finishTurn } from './turns-end.ts';

it('does the work in its order at the end of the turn, what it adds itself too, and of no request', async () => {
  const done: unknown[] = [];
  const request = new Request('http://localhost/');
  duringCall({ requestId: 'req_1', face: 'scrip', address: null, trace: null, request }, () => {
    atTurnsEnd(() => {
      done.push(callUnderWay());
      atTurnsEnd(() => done.push('added'));
    });
  });
  atTurnsEnd(() => done.push('second'));
  await null;
  expect(done).toEqual([]);
  await setImmediate();
  expect(done).toEqual([undefined, 'second', 'added']);
});

it('goes on with the rest, and with the next turn, after work that failed', async () => {
  const done: number[] = [];
  atTurnsEnd(() => {
    throw new Error('broken');
  });
  atTurnsEnd(() => done.push(1));
  expect(finishTurn).toThrow('broken');
  expect(done).toEqual([1]);
  atTurnsEnd(() => done.push(2));
  await setImmediate();
  expect(done).toEqual([1, 2]);
});

it('does it at once for who looks, and not again', async () => {
  const done: number[] = [];
  atTurnsEnd(() => done.push(1));
  finishTurn();
  expect(done).toEqual([1]);
  await setImmediate();
  expect(done).toEqual([1]);
});
