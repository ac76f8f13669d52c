import type { CSSProperties } from 'react';
import { STATUS_CLASSES } from '../fields/status-class.ts';
import { formatDuration } from '../format/duration.ts';
import { formatNumber } from '../format/number.ts';
import type { Bar } from './bars.ts';
import { sumOf } from './describe-bars.ts';

/** The numbers of the bar under the cursor, or of the selection. */
export function BucketTip({
  bars,
  before,
  formatRange,
  hint,
  position,
}: {
  readonly bars: readonly Bar[];
  readonly before: readonly (number | null)[] | null;
  readonly formatRange: (from: number, to: number) => string;
  readonly hint: string | null;
  /** Place of the cursor, 0 to 1. */
  readonly position: number;
}) {
  const { from, to, counts, total, p95 } = sumOf(bars);
  return (
    <div
      className="histogram-tip numbers"
      data-side={position < 0.5 ? 'right' : 'left'}
      style={{ '--at': `${position * 100}%` } as CSSProperties}
      aria-hidden="true"
    >
      <strong>{formatRange(from, to)}</strong>
      <dl>
        {STATUS_CLASSES.toReversed()
          .filter((name) => counts[name] > 0)
          .map((name) => (
            <div key={name}>
              <dt>
                <span className={`status-swatch of-${name}`} />
                {name}
              </dt>
              <dd>{formatNumber(counts[name])}</dd>
            </div>
          ))}
        <div>
          <dt>Requests</dt>
          <dd>{formatNumber(total)}</dd>
        </div>
        {before !== null && (
          <div>
            <dt>
              <span className="status-swatch of-before" />
              Period before
            </dt>
            <dd>{formatNumber(before.reduce<number>((sum, count) => sum + (count ?? 0), 0))}</dd>
          </div>
        )}
        {p95 !== null && (
          <div>
            <dt>
              <span className="status-swatch of-p95" />
              p95
            </dt>
            <dd>{formatDuration(p95)}</dd>
          </div>
        )}
      </dl>
      {hint !== null && <p>{hint}</p>}
    </div>
  );
}
