import type { StoredValue } from '../../stats/collector.ts';

/** The text that names a group in a roll-up: its values as stored, as JSON. */
export function keyText(values: readonly StoredValue[]): string {
  return JSON.stringify(values);
}

export function keyValues(text: string): StoredValue[] {
  return JSON.parse(text);
}

/** A range of key texts; `to` is exclusive. */
export interface KeyRange {
  readonly from: string;
  readonly to: string;
}

/**
 * The range of all keys with this first value.
 *
 * @param length number of values in a key.
 */
export function keysWithFirst(value: StoredValue, length: number): KeyRange {
  const prefix = `[${JSON.stringify(value)}`;
  return length === 1 ? { from: `${prefix}]`, to: `${prefix}^` } : { from: `${prefix},`, to: `${prefix}-` };
}

/** The key of a range with one key; null for other ranges. */
export function onlyKey({ from, to }: KeyRange): string | null {
  return from.endsWith(']') && to === `${from.slice(0, -1)}^` ? from : null;
}
