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
  // "API" stays as it is.
  const inSentence = label.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
  const name = `Filter by ${inSentence} ${value}`;
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
