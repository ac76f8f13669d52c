import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { useFacetValuesQuery } from '../__generated__/useFacetValuesQuery.graphql';
import { DIMENSIONS } from '../fields/dimensions.ts';
import { useFetchOptions } from '../state/fetch-options.ts';
import { useQuestion, withTime } from '../state/question.tsx';
import { type FacetField, fieldsOf } from './facet-fields.ts';
import { withoutField } from './field-conditions.ts';

/**
 * The values of one facet as if the facet had no conditions itself, so that others can be chosen.
 *
 * @param isNeeded if it is false, nothing is read and the result is undefined.
 * @param top how many.
 * @param search text that the values contain.
 */
export function useFacetValues({ field }: FacetField, isNeeded: boolean, top: number, search: string) {
  const { conditions, time } = useQuestion();
  const options = useFetchOptions();
  const others = fieldsOf(field).reduce(withoutField, conditions);
  return useLazyLoadQuery<useFacetValuesQuery>(
    graphql`
      query useFacetValuesQuery(
        $filter: RequestLogFilter
        $by: [RequestLogDimension!]!
        $top: Int!
        $search: String
        $withClasses: Boolean!
        # useShownOperations knows it.
        $isNeeded: Boolean!
      ) @throwOnFieldError {
        requestLogStats(filter: $filter) @include(if: $isNeeded) {
          measures {
            count
          }
          classes: groups(by: [STATUS_CLASS], top: 8) @include(if: $withClasses) {
            ...FacetRows_groups
          }
          groups(by: $by, top: $top, search: $search) {
            ...FacetRows_groups
          }
        }
      }
    `,
    {
      filter: withTime(others, time),
      by: [DIMENSIONS[field]],
      top,
      search: search === '' ? null : search,
      withClasses: field === 'statusCode',
      isNeeded,
    },
    isNeeded ? options : { fetchPolicy: 'store-only' },
  ).requestLogStats;
}
