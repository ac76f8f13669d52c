/** A source of pseudo-random choices. */
export interface RandomChoices {
  /** A number from 0 to below 1. */
  next(): number;
  /** An integer from 0 to below `end`. */
  below(end: number): number;
  pick<T>(all: readonly T[]): T;
  /** Picks one with a probability that is proportional to its weight. */
  weighted<T extends { readonly weight: number }>(all: readonly T[]): T;
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
}

/** Choices that are determined by the seed (a linear congruential generator). The docs show what follows from it for the demo. */
export function randomChoices(seed: number): RandomChoices {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
  const below = (end: number) => Math.floor(next() * end);
  return {
    next,
    below,
    pick: (all) => all[below(all.length)]!,
    weighted(all) {
      let left = next() * all.reduce((sum, { weight }) => sum + weight, 0);
      return (
        all.find(({ weight }) => {
          left -= weight;
          return left < 0;
        }) ?? all[0]!
      );
    },
    hex(digits) {
      let text = '';
      while (text.length < digits) text += '0123456789abcdef'[below(16)];
      return text;
    },
  };
}
