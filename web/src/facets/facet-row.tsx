import type { QueryField } from '../filter/edit-query.ts';
import { formatNumber, formatPercent } from '../format/number.ts';
import { ExcludeIcon } from '../ui/icons.tsx';
import type { FacetValue } from './field-conditions.ts';
import { useFacetEdit } from './use-facet-edit.ts';

/** A value of a facet as it is listed. */
export interface Row {
  readonly field: QueryField;
  readonly value: FacetValue;
  /** Null: it is not known, because other values have more logs. */
  readonly count: number | null;
  /** Share of all logs, 0 to 1. */
  readonly share: number;
  readonly state: 'included' | 'excluded' | null;
}

/** One value with its count: a click includes it, or takes its condition away. */
export function FacetRow({ field, value, count, share, state }: Row) {
  const edit = useFacetEdit();
  const label = value ?? 'none';
  const toggleExcluded = () =>
    state === 'excluded' ? edit.remove(field, value) : edit.exclude(field, value);
  const statusClass = field === 'statusClass' || field === 'statusCode' ? `of-${value?.[0]}xx` : null;
  return (
    <li className="facet-row" data-state={state ?? undefined} data-code={field === 'statusCode' || undefined}>
      <button
        type="button"
        className="facet-value"
        aria-pressed={state === 'included'}
        title={`${label}${count === null ? '' : `: ${formatNumber(count)} requests, ${formatPercent(share)}`}`}
        onClick={({ altKey }) => {
          if (altKey) toggleExcluded();
          else if (state === null) edit.include(field, value);
          else edit.remove(field, value);
        }}
      >
        <span className="facet-share" style={{ width: `${share * 100}%` }} />
        {statusClass !== null && <span className={`status-swatch ${statusClass}`} />}
        <span className={value === null ? 'facet-label is-null' : 'facet-label'}>{label}</span>
        <span className="facet-count numbers">{count === null ? '' : formatNumber(count)}</span>
      </button>
      <button
        type="button"
        className="facet-exclude"
        aria-label={`Exclude ${label}`}
        aria-pressed={state === 'excluded'}
        title={state === 'excluded' ? 'Do not exclude it any more' : 'Exclude (Alt-click)'}
        onClick={toggleExcluded}
      >
        <ExcludeIcon />
      </button>
    </li>
  );
}
