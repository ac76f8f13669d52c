export interface Contender {
  readonly name: string;
  run(): Promise<unknown>;
}

/** Rounds that are not measured. */
const WARM_UP = 10;

/** Prints the median and the best time of each contender, in milliseconds. They run in turn, so other load affects all alike. */
export async function inTurn(contenders: readonly Contender[], rounds: number): Promise<void> {
  const times = contenders.map((): number[] => []);
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const [i, { run }] of contenders.entries()) {
      const start = performance.now();
      await run();
      if (round >= 0) times[i]!.push(performance.now() - start);
    }
  }
  for (const [i, { name }] of contenders.entries()) {
    const sorted = times[i]!.toSorted((a, b) => a - b);
    console.log(`| ${name} | ${sorted[rounds >> 1]!.toFixed(1)} (${sorted[0]!.toFixed(1)}) |`);
  }
}
