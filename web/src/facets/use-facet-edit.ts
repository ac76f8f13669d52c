import { excludeValue, includeValue, type QueryField, stateOfFilter } from '../filter/edit-query.ts';
import { filterOfQuery } from '../filter/parse-query.ts';
import type { RequestLogFilter } from '../filter/request-log-filter.ts';
import { useUrlState } from '../state/url-state.ts';
import { fieldsOf } from './facet-fields.ts';
import { type FacetValue, hasField, withoutField, withoutValue } from './field-conditions.ts';

interface Conditions {
  readonly q: string;
  readonly filter: RequestLogFilter | null;
}

/** Changes the conditions of the page by the values of facets. */
export function useFacetEdit() {
  const [, setState] = useUrlState();
  return {
    include: (field: QueryField, value: FacetValue) =>
      setState((old) => {
        const { q, filter } = withoutSiblings(old, field);
        return { q: includeValue(q, field, value), filter };
      }),
    exclude: (field: QueryField, value: FacetValue) =>
      setState(({ q }) => ({ q: excludeValue(q, field, value) })),
    remove: (field: QueryField, value: FacetValue) =>
      setState((old) => edited(old, (filter) => withoutValue(filter, field, value))),
    /** Removes all conditions on the fields of a facet. */
    clear: (fields: readonly QueryField[]) =>
      setState((old) => edited(old, (filter) => fields.reduce(withoutField, filter))),
  };
}

/** A status code and a class that does not contain it would match nothing: the one replaces the other. */
function withoutSiblings(state: Conditions, field: QueryField): Conditions {
  const siblings =
    field === 'statusClass' || field === 'statusCode'
      ? fieldsOf('statusCode').filter((other) => other !== field)
      : [];
  const isOn = (filter: RequestLogFilter | null) =>
    siblings.some((sibling) => hasField(filter ?? {}, sibling));
  if (!isOn(filterOfQuery(state.q)) && !isOn(state.filter)) return state;
  return edited(state, (filter) => siblings.reduce(withoutField, filter));
}

function edited({ q, filter }: Conditions, edit: (filter: RequestLogFilter) => RequestLogFilter): Conditions {
  const typed = stateOfFilter(edit(filterOfQuery(q)));
  const others = [typed.filter, filter && edit(filter)].filter(
    (part) => part !== null && Object.keys(part).length > 0,
  ) as RequestLogFilter[];
  return { q: typed.q, filter: others.length > 1 ? { and: others } : (others[0] ?? null) };
}
