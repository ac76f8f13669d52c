import type { Interval, RelativeName, TimeRange } from '../time/time-range.ts';
import { intervalOf, RELATIVE_NAMES, RELATIVE_RANGES } from '../time/time-range.ts';
import { BeyondRetention } from './retention.tsx';

/** A button for each range that ends now. */
export function RelativeRanges({
  range,
  now,
  onChoose,
}: {
  readonly range: TimeRange;
  /** Unix milliseconds. */
  readonly now: number;
  readonly onChoose: (name: RelativeName) => void;
}) {
  return (
    <ul className="range-list" aria-label="Relative ranges">
      {RELATIVE_NAMES.map((name) => {
        const interval: Interval = intervalOf({ kind: 'relative', name }, now);
        const isChosen = range.kind === 'relative' && range.name === name;
        return (
          <li key={name}>
            <button
              type="button"
              className="menu-item"
              aria-current={isChosen ? 'true' : undefined}
              onClick={() => onChoose(name)}
            >
              {RELATIVE_RANGES[name].label} <BeyondRetention from={interval.from} isShort />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
