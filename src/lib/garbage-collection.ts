import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Collects all garbage of this thread and returns the memory to the operating system, including that of the young
 * generation, which ordinary collections never shrink. Blocks the thread, for about 50 to 150 ms after a start.
 */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  setFlagsFromString('--no-expose-gc');
}

/**
 * Lets the old generation of every thread grow to three times the size that a full collection left before the next one
 * starts. By default, V8 chooses a factor from 1.1 to 4 by how fast garbage reaches the old generation. If almost none
 * does, this leads to a full collection of a barely grown heap every two or three seconds, each blocking responses for 25 ms.
 */
export function collectLessOften(): void {
  setFlagsFromString('--heap-growing-percent=200');
}

/**
 * Keeps the heaps of a command small that reads or writes many logs: the young generation keeps its size, and the old generation
 * grows to twice its size before it is collected. By default, V8 would let both grow by about 100 MiB more.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=100');
}
