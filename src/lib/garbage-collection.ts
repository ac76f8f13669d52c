import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects all garbage of this thread and gives back the memory, that of the young generation too, which no ordinary
 * collection makes smaller. The thread stands still for it, some 50 to 150 ms after a start.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  setFlagsFromString('--no-expose-gc');
}

/**
 * Lets the old generation grow to three times what a full collection left, of every thread. V8's own factor, 1.1 to 4,
 * follows how fast garbage gets there: where next to none does, it comes to a full collection of a heap that hardly grew
 * every two or three seconds, 25 ms in which answers wait.
 */
export function collectLessOften(): void {
  setFlagsFromString('--heap-growing-percent=200');
}
