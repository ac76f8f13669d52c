import './sparkline.css';

const WIDTH = 120;
const HEIGHT = 28;
/** More would be narrower than two pixels. */
const MOST_POINTS = 60;

/** How neighbouring values become one point. */
type Merge = (values: readonly number[]) => number;

/**
 * A small chart without axes. It is decoration: what it says stands beside it in words.
 *
 * @param values in order of time; null where nothing was measured.
 * @param merge how neighbouring values become one point if there are too many.
 */
export function Sparkline({
  values,
  merge,
  tone,
}: {
  readonly values: readonly (number | null)[];
  readonly merge: Merge;
  readonly tone: '4xx' | '5xx' | 'line';
}) {
  return (
    <svg
      className={`sparkline tone-${tone}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path className="bars" d={barsPath(mergePoints(values, merge))} />
      <path className="base" d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} />
    </svg>
  );
}

/** The outlines of all bars. */
function barsPath(points: readonly (number | null)[]): string {
  const highest = Math.max(1, ...points.map((value) => value ?? 0));
  const step = WIDTH / points.length;
  const width = Math.max(1, step - 0.6).toFixed(2);
  return points
    .map((value, index) => {
      if (value === null || value === 0) return '';
      const height = Math.max(2, (value / highest) * (HEIGHT - 2)).toFixed(2);
      return `M${(index * step).toFixed(2)} ${HEIGHT}v-${height}h${width}v${height}z`;
    })
    .join('');
}

/** At most `MOST_POINTS` values. */
export function mergePoints(values: readonly (number | null)[], merge: Merge): readonly (number | null)[] {
  const size = Math.ceil(values.length / MOST_POINTS);
  if (size <= 1) return values;
  const parts = Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size).filter((value) => value !== null),
  );
  return parts.map((part) => (part.length === 0 ? null : merge(part)));
}

export const sumOf: Merge = (values) => values.reduce((sum, value) => sum + value, 0);
export const maxOf: Merge = (values) => Math.max(...values);
