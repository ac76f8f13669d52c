import { formatDuration } from '../format/duration.ts';
import { formatNumber, formatPercent } from '../format/number.ts';
import { relativeChange } from './period-before.ts';

/** Measures of a range, as the API returns them. */
export interface Measures {
  readonly count: number;
  readonly serverErrorRate: number | null | undefined;
  readonly clientErrorRate: number | null | undefined;
  readonly durationMs: { readonly p50: number | null | undefined; readonly p95: number | null | undefined };
}

interface Figure {
  readonly name: string;
  readonly read: (measures: Measures) => number | null | undefined;
  readonly format: (value: number) => string;
  /** Whether more of it is bad, which a change shows by its colour. */
  readonly isBad?: true;
  readonly isPercentile?: true;
  /** Whether the change is shown. */
  readonly isCompared?: true;
}

const FIGURES: readonly Figure[] = [
  { name: 'Requests', read: ({ count }) => count, format: formatNumber, isCompared: true },
  {
    name: 'Server errors',
    read: ({ serverErrorRate }) => serverErrorRate,
    format: formatPercent,
    isBad: true,
    isCompared: true,
  },
  {
    name: 'Client errors',
    read: ({ clientErrorRate }) => clientErrorRate,
    format: formatPercent,
    isBad: true,
    isCompared: true,
  },
  { name: 'p50', read: ({ durationMs }) => durationMs.p50, format: formatDuration, isPercentile: true },
  {
    name: 'p95',
    read: ({ durationMs }) => durationMs.p95,
    format: formatDuration,
    isBad: true,
    isPercentile: true,
    isCompared: true,
  },
];

/** The measures of the whole range and, if it is compared, their changes since the period before. */
export function Figures({
  measures,
  before,
  relativeError,
}: {
  readonly measures: Measures;
  readonly before: Measures | null;
  /** By which share percentiles can differ from the exact values. */
  readonly relativeError: number;
}) {
  const accuracy = `±${formatPercent(relativeError)}`;
  return (
    <dl className="histogram-figures numbers">
      {FIGURES.map(({ name, read, format, isBad, isPercentile, isCompared }) => {
        const value = read(measures) ?? null;
        return (
          <div key={name}>
            <dt>
              {name}
              {isPercentile && (
                <span
                  className="histogram-accuracy"
                  title={`Percentiles differ from the exact values by at most ${formatPercent(relativeError)}.`}
                >
                  {accuracy}
                </span>
              )}
            </dt>
            <dd>
              {value === null ? '–' : format(value)}
              {isCompared && before !== null && (
                <Change now={value} before={read(before) ?? null} isBad={isBad ?? false} format={format} />
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Change({
  now,
  before,
  isBad,
  format,
}: {
  readonly now: number | null;
  readonly before: number | null;
  readonly isBad: boolean;
  readonly format: (value: number) => string;
}) {
  const change = now === 0 && before === 0 ? 0 : relativeChange(now, before);
  if (change === null) {
    return before === 0 && <small className="histogram-change">from 0</small>;
  }
  const direction = Math.abs(change) < 0.0005 ? 'same' : change > 0 ? 'up' : 'down';
  const judgement = !isBad || direction === 'same' ? '' : direction === 'up' ? ' worse' : ' better';
  return (
    <small className={`histogram-change${judgement}`} title={`${format(before!)} in the period before`}>
      {direction === 'same' ? '' : direction === 'up' ? '+' : '−'}
      {formatChange(Math.abs(change))}
    </small>
  );
}

/** Without decimals unless the change is small. @param share a positive share, such as 3.9 for 390 percent. */
const formatChange = (share: number) =>
  share < 0.1 ? formatPercent(share) : `${formatNumber(Math.round(share * 100))}%`;
