const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** How long ago something was, such as `3 min ago`. @param ms milliseconds since then; negative if it is to come. */
export function formatAge(ms: number): string {
  const [unit, length] = UNITS.find(([, unitMs]) => Math.abs(ms) >= unitMs) ?? ['s', 1_000];
  const count = Math.floor(Math.abs(ms) / length);
  if (count === 0) return 'just now';
  return ms < 0 ? `in ${count} ${unit}` : `${count} ${unit} ago`;
}
