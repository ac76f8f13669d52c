import { useEffect, useId, useRef, useState, useTransition } from 'react';
import { useQuestion } from '../state/question.tsx';
import { ChevronDownIcon, ChevronRightIcon } from '../ui/icons.tsx';
import { type FacetField, fewValues, fieldsOf, MOST_VALUES } from './facet-fields.ts';
import { FacetRows, useGroups } from './facet-rows.tsx';
import { hasField } from './field-conditions.ts';
import { useFacetEdit } from './use-facet-edit.ts';
import { useFacetValues } from './use-facet-values.ts';
import { useSharedFacets } from './use-shared-facets.ts';

/** Milliseconds without a key before a search is sent. */
const PAUSE_MS = 200;

interface Props {
  readonly facet: FacetField;
  /** Undefined: open, if there are values. */
  readonly isOpen: boolean | undefined;
  readonly onToggle: (isOpen: boolean) => void;
}

/** The values of one field, with what can be done with them. */
export function Facet({ facet, isOpen, onToggle }: Props) {
  const { conditions } = useQuestion();
  const { clear } = useFacetEdit();
  const shared = useSharedFacets();
  const { values } = useGroups(shared[facet.field]);
  const [isLong, setLong] = useState(false);
  const [search, setSearch] = useState('');
  const [isPending, startTransition] = useTransition();
  const id = useId();

  const fields = fieldsOf(facet.field);
  const isFiltered = fields.some((field) => hasField(conditions, field));
  const hasValues = values.some(({ value }) => value !== null);
  const isShown = isOpen ?? (hasValues || isFiltered);
  return (
    <section className="facet" aria-labelledby={id}>
      <div className="facet-head">
        <h2>
          <button type="button" id={id} aria-expanded={isShown} onClick={() => onToggle(!isShown)}>
            {isShown ? <ChevronDownIcon /> : <ChevronRightIcon />}
            {facet.title}
          </button>
        </h2>
        {isFiltered && (
          <button
            type="button"
            className="facet-link"
            aria-label={`Clear ${facet.title}`}
            onClick={() => clear(fields)}
          >
            Clear
          </button>
        )}
      </div>
      {isShown && (
        <div className="facet-body" data-pending={isPending || undefined}>
          {isLong && (
            <SearchInput
              label={`Search ${facet.plural}`}
              onSearch={(text) => startTransition(() => setSearch(text))}
            />
          )}
          <Values
            facet={facet}
            isOwn={isFiltered || isLong}
            search={search}
            isLong={isLong}
            onLong={(isLong) =>
              startTransition(() => {
                setLong(isLong);
                setSearch('');
              })
            }
          />
        </div>
      )}
    </section>
  );
}

interface ValuesProps {
  readonly facet: Props['facet'];
  /** Whether the facet reads values on its own: more of them, or as if it had no conditions. */
  readonly isOwn: boolean;
  readonly search: string;
  readonly isLong: boolean;
  readonly onLong: (isLong: boolean) => void;
}

function Values({ facet, isOwn, search, isLong, onLong }: ValuesProps) {
  const { field, plural } = facet;
  const few = fewValues(field);
  const shared = useSharedFacets();
  const own = useFacetValues(facet, isOwn, isLong ? MOST_VALUES : few, search);
  const groups = own?.groups ?? shared[field];
  const { groupCount } = useGroups(groups);
  const classes = own?.classes ?? shared.statusClass;
  return (
    <>
      <FacetRows
        field={field}
        groups={groups}
        classes={field === 'statusCode' ? classes : null}
        total={(own ?? shared).measures.count}
        isSearch={search !== ''}
      />
      {(isLong || groupCount > few) && (
        <button
          type="button"
          className="facet-link"
          aria-label={`Show ${isLong ? 'fewer' : 'more'} ${plural}`}
          onClick={() => onLong(!isLong)}
        >
          {isLong ? 'Show fewer' : 'Show more'}
        </button>
      )}
    </>
  );
}

function SearchInput({
  label,
  onSearch,
}: {
  readonly label: string;
  readonly onSearch: (text: string) => void;
}) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <input
      type="search"
      className="input facet-search"
      aria-label={label}
      placeholder={label}
      onChange={({ target }) => {
        clearTimeout(timer.current);
        timer.current = setTimeout(() => onSearch(target.value.trim()), PAUSE_MS);
      }}
    />
  );
}
