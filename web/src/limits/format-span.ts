const UNITS = [
  { name: 'day', ms: 86_400_000 },
  { name: 'hour', ms: 3_600_000 },
  { name: 'minute', ms: 60_000 },
  { name: 'second', ms: 1_000 },
] as const;

/** In the largest unit of which it has at least two, or in seconds: `3 minutes`, `90 minutes`. @param ms at least 0. */
export function formatSpan(ms: number): string {
  const { name, ms: length } = UNITS.find((unit) => ms >= 2 * unit.ms) ?? UNITS[3];
  const count = Math.round(ms / length);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
