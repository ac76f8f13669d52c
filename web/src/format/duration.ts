import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../time/units.ts';

const UNITS = [
  { short: 'd', name: 'day', ms: DAY_MS },
  { short: 'h', name: 'hour', ms: HOUR_MS },
  { short: 'min', name: 'minute', ms: MINUTE_MS },
  { short: 's', name: 'second', ms: SECOND_MS },
] as const;

/** The largest unit of which a time has at least two, or seconds. @param ms at least 0. */
const unitOf = (ms: number) => UNITS.find((unit) => ms >= 2 * unit.ms) ?? UNITS[3];

/** Such as `12 ms`, `1.25 s` or `2.1 min`. */
export function formatDuration(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
  if (ms < MINUTE_MS) return `${(ms / SECOND_MS).toFixed(ms < 10 * SECOND_MS ? 2 : 1)} s`;
  return `${(ms / MINUTE_MS).toFixed(1)} min`;
}

/** In whole units: `3 minutes`, `90 minutes`. @param ms at least 0. */
export function formatSpan(ms: number): string {
  const unit = unitOf(ms);
  const count = Math.round(ms / unit.ms);
  return `${count} ${unit.name}${count === 1 ? '' : 's'}`;
}

/** How long ago something was, such as `3 min ago`. @param ms since then; negative if it is to come. */
export function formatAge(ms: number): string {
  const unit = unitOf(Math.abs(ms));
  const count = Math.floor(Math.abs(ms) / unit.ms);
  if (count === 0) return 'just now';
  return ms < 0 ? `in ${count} ${unit.short}` : `${count} ${unit.short} ago`;
}
