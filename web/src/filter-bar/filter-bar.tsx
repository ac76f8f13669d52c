import './filter-bar.css';
import { useUrlState } from '../state/url-state.ts';

/** The conditions as text and as chips. */
export function FilterBar() {
  const [{ q }, setState] = useUrlState();
  return (
    <input
      className="input filter-input"
      aria-label="Filter"
      value={q}
      onChange={(event) => setState({ q: event.target.value })}
    />
  );
}
