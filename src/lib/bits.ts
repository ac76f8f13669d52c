/*
 * Sets of small numbers, 0 to 31, as the bits of an integer.
 */

export function hasBit(bits: number, number: number): boolean {
  return ((bits >>> number) & 1) === 1;
}

export function withBit(bits: number, number: number): number {
  return bits | (1 << number);
}

export function withoutBit(bits: number, number: number): number {
  return bits & ~(1 << number);
}

export function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
