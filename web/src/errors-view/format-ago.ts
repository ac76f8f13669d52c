const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** Such as `3 h ago`, in the largest unit of which there are at least two. @param time ISO 8601. @param now Unix milliseconds by the server's clock. */
export function formatAgo(time: string, now: number): string {
  const ms = Math.max(0, now - Date.parse(time));
  const [name, length] = UNITS.find(([, unit]) => ms >= 2 * unit) ?? UNITS[3];
  return ms < 1_000 ? 'now' : `${Math.floor(ms / length)} ${name} ago`;
}
