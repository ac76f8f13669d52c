/** The length of a time block, in milliseconds: 4 hours and 40 minutes, the time that the first three bytes of an id leave open. */
const BLOCK_MS = 2 ** 24;

/** The number of the time block that contains a time, in Unix milliseconds. Blocks are counted from 1970. */
export function timeBlockOf(time: number): number {
  return Math.floor(time / BLOCK_MS);
}
