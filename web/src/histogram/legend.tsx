import type { StatusClass } from './bars.ts';

/** What the chart can show. */
export type SeriesName = StatusClass | 'p95';

/** The series of the chart; each can be hidden. */
export function Legend({
  names,
  hidden,
  onToggle,
}: {
  readonly names: readonly SeriesName[];
  readonly hidden: ReadonlySet<SeriesName>;
  readonly onToggle: (name: SeriesName) => void;
}) {
  return (
    <fieldset className="histogram-legend">
      <legend className="hidden-label">Series of the chart</legend>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={!hidden.has(name)}
          title={`${hidden.has(name) ? 'Show' : 'Hide'} ${name}`}
          onClick={() => onToggle(name)}
        >
          <span className={`histogram-swatch of-${name}`} />
          {name}
        </button>
      ))}
    </fieldset>
  );
}
