const NUMBER = new Intl.NumberFormat('en-GB');
const PERCENT = new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 1 });

/** Such as `12,345`. */
export const formatNumber = (value: number): string => NUMBER.format(value);
/** @param share 0 to 1. */
export const formatPercent = (share: number): string => PERCENT.format(share);

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Such as `512 B`, `1.2 kB` or `14 MB`; a kilobyte has 1,000 bytes. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit++;
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}
