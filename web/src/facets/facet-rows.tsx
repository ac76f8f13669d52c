import { graphql, useFragment } from 'react-relay/hooks';
import type { FacetRows_groups$key } from '../__generated__/FacetRows_groups.graphql';
import type { QueryField } from '../filter/edit-query.ts';
import { useQuestion } from '../state/question.tsx';
import { MOST_VALUES } from './facet-fields.ts';
import { codesBelowClasses, withConditionValues } from './facet-order.ts';
import { FacetRow } from './facet-row.tsx';
import { fieldState } from './field-conditions.ts';

interface Props {
  readonly field: QueryField;
  readonly groups: FacetRows_groups$key;
  /** Classes of the status codes; other fields have none. */
  readonly classes: FacetRows_groups$key | null;
  /** Number of all logs that are counted. */
  readonly total: number;
  /** Whether a search has chosen the values. */
  readonly isSearch: boolean;
}

/** The values of one facet. */
export function FacetRows({ field, groups, classes, total, isSearch }: Props) {
  const { conditions } = useQuestion();
  const { values, groupCount } = useGroups(groups);
  const classGroups = useGroups(classes);
  const stateOf = (name: QueryField) => fieldState(conditions, name);
  const states = { [field]: stateOf(field), statusClass: stateOf('statusClass') };
  const complete = (name: QueryField, counted: typeof values) =>
    isSearch ? counted : withConditionValues(counted, states[name]!);
  const codes = complete(field, values).map((counted) => ({ ...counted, field }));
  const rows =
    classes === null || isSearch
      ? codes
      : codesBelowClasses(complete('statusClass', classGroups.values), codes);
  if (rows.length === 0) return <p className="facet-empty">No value{isSearch && ' contains this text'}</p>;
  return (
    <>
      <ul>
        {rows.map(({ field, value, count }) => (
          <FacetRow
            key={`${field} ${value}`}
            field={field}
            value={value}
            count={count}
            share={total === 0 ? 0 : (count ?? 0) / total}
            state={
              states[field]!.included.has(value)
                ? 'included'
                : states[field]!.excluded.has(value)
                  ? 'excluded'
                  : null
            }
          />
        ))}
      </ul>
      {values.length >= MOST_VALUES && groupCount > values.length && (
        <p className="facet-empty">{`${values.length} of ${groupCount} values. Search for the others.`}</p>
      )}
    </>
  );
}

/** The values of groups and how many groups there are in all. */
export function useGroups(groups: FacetRows_groups$key | null) {
  const data = useFragment(
    graphql`
      fragment FacetRows_groups on RequestLogGroups {
        groupCount
        nodes {
          key {
            value
          }
          measures {
            count
          }
        }
      }
    `,
    groups,
  );
  const values = (data?.nodes ?? []).map(({ key, measures }) => ({
    value: key[0]!.value ?? null,
    count: measures.count,
  }));
  return { values, groupCount: data?.groupCount ?? 0 };
}
