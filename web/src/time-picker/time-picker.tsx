import { useUrlState } from '../state/url-state.ts';
import { RELATIVE_RANGES, type RelativeName } from '../time/time-range.ts';

/** The range of time and the time zone. */
export function TimePicker() {
  const [{ range }, setState] = useUrlState();
  return (
    <select
      className="input"
      aria-label="Range of time"
      value={range.kind === 'relative' ? range.name : ''}
      onChange={(event) =>
        setState({ range: { kind: 'relative', name: event.target.value as RelativeName } })
      }
    >
      {Object.entries(RELATIVE_RANGES).map(([name, { label }]) => (
        <option key={name} value={name}>
          {label}
        </option>
      ))}
    </select>
  );
}
