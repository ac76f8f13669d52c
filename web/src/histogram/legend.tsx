import type { TimeInterval } from '../__generated__/useHistogramQuery.graphql';
import type { StatusClass } from '../fields/status-class.ts';

/** What the chart can show. */
export type SeriesName = StatusClass | 'p95';

const PER: Readonly<Record<TimeInterval, string>> = {
  MINUTE: 'per minute',
  FIVE_MINUTES: 'per 5 minutes',
  FIFTEEN_MINUTES: 'per 15 minutes',
  HOUR: 'per hour',
  DAY: 'per day',
  WEEK: 'per week',
  MONTH: 'per month',
};

/** The series of the chart; each can be hidden. */
export function Legend({
  interval,
  names,
  hidden,
  onToggle,
}: {
  /** Length of a bar. */
  readonly interval: TimeInterval;
  readonly names: readonly SeriesName[];
  readonly hidden: ReadonlySet<SeriesName>;
  readonly onToggle: (name: SeriesName) => void;
}) {
  return (
    <fieldset className="histogram-legend">
      <legend className="hidden-label">Series of the chart</legend>
      <span className="histogram-per">{PER[interval]}</span>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={!hidden.has(name)}
          title={`${hidden.has(name) ? 'Show' : 'Hide'} ${name}`}
          onClick={() => onToggle(name)}
        >
          <span className={`status-swatch of-${name}`} />
          {name}
        </button>
      ))}
    </fieldset>
  );
}
