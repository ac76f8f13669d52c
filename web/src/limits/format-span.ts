import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../time/units.ts';

const UNITS = [
  { name: 'day', ms: DAY_MS },
  { name: 'hour', ms: HOUR_MS },
  { name: 'minute', ms: MINUTE_MS },
  { name: 'second', ms: SECOND_MS },
] as const;

/** In the largest unit of which it has at least two, or in seconds: `3 minutes`, `90 minutes`. @param ms at least 0. */
export function formatSpan(ms: number): string {
  const { name, ms: length } = UNITS.find((unit) => ms >= 2 * unit.ms) ?? UNITS[3];
  const count = Math.round(ms / length);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
