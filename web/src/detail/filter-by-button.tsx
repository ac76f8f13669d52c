import { includeValue, type QueryField } from '../filter/edit-query.ts';
import { useUrlState } from '../state/url-state.ts';
import { SmallFunnelIcon } from '../ui/icons.tsx';

/** Adds a condition to the filter. */
export function FilterByButton({
  field,
  label,
  value,
}: {
  readonly field: QueryField;
  /** What the field is called. */
  readonly label: string;
  readonly value: string;
}) {
  const [{ q }, setState] = useUrlState();
  const name = `Filter by ${label.charAt(0).toLowerCase()}${label.slice(1)} ${value}`.replace('aPI', 'API');
  return (
    <button
      type="button"
      className="button quiet icon filter-by"
      aria-label={name}
      title={name}
      onClick={() => setState({ q: includeValue(q, field, value) })}
    >
      <SmallFunnelIcon />
    </button>
  );
}
