import { useId, useRef, useState, useTransition } from 'react';
import { useQuestion } from '../state/question.tsx';
import { ChevronDownIcon, ChevronRightIcon } from '../ui/icons.tsx';
import { type FacetField, type FacetName, fieldsOf } from './facet-fields.ts';
import { FacetRows, MOST_VALUES, useGroups } from './facet-rows.tsx';
import { hasField } from './field-conditions.ts';
import { useFacetEdit } from './use-facet-edit.ts';
import { useFacetValues } from './use-facet-values.ts';
import { useSharedFacets } from './use-shared-facets.ts';

const FEW_VALUES = 8;
/** Milliseconds without a key before a search is sent. */
const PAUSE_MS = 200;

interface Props {
  readonly facet: FacetField & { readonly field: FacetName };
  /** Undefined: open, if there are values. */
  readonly isOpen: boolean | undefined;
  readonly onToggle: (isOpen: boolean) => void;
}

/** The values of one field, with what can be done with them. */
export function Facet({ facet, isOpen, onToggle }: Props) {
  const { conditions } = useQuestion();
  const { clear } = useFacetEdit();
  const shared = useSharedFacets();
  const { values, groupCount } = useGroups(shared[facet.field]);
  const [isLong, setLong] = useState(false);
  const [search, setSearch] = useState('');
  const [isPending, startTransition] = useTransition();
  const id = useId();

  const fields = fieldsOf(facet.field);
  const isFiltered = fields.some((field) => hasField(conditions, field));
  const hasValues = values.some(({ value }) => value !== null);
  const isShown = isOpen ?? (hasValues || isFiltered);
  const isOwn = isFiltered || isLong;
  return (
    <section className="facet" aria-labelledby={id}>
      <div className="facet-head">
        <h3>
          <button type="button" id={id} aria-expanded={isShown} onClick={() => onToggle(!isShown)}>
            {isShown ? <ChevronDownIcon /> : <ChevronRightIcon />}
            {facet.title}
          </button>
        </h3>
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
          {isOwn ? (
            <OwnValues facet={facet} top={isLong ? MOST_VALUES : FEW_VALUES} search={search} />
          ) : (
            <FacetRows
              field={facet.field}
              groups={shared[facet.field]}
              classes={facet.field === 'statusCode' ? shared.statusClass : null}
              total={shared.measures.count}
              isSearch={false}
            />
          )}
          {(isLong || isFiltered || groupCount > FEW_VALUES) && (
            <button
              type="button"
              className="facet-link"
              aria-label={`Show ${isLong ? 'fewer' : 'more'} ${facet.plural}`}
              onClick={() =>
                startTransition(() => {
                  setLong(!isLong);
                  setSearch('');
                })
              }
            >
              {isLong ? 'Show fewer' : 'Show more'}
            </button>
          )}
        </div>
      )}
    </section>
  );
}

/** Values that the facet reads on its own: more of them, or as if it had no conditions. */
function OwnValues({
  facet,
  top,
  search,
}: {
  readonly facet: FacetField;
  readonly top: number;
  readonly search: string;
}) {
  const { measures, groups, classes } = useFacetValues(facet, top, search);
  return (
    <FacetRows
      field={facet.field}
      groups={groups}
      classes={classes ?? null}
      total={measures.count}
      isSearch={search !== ''}
    />
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
