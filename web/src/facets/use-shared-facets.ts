import { graphql, useLazyLoadQuery } from 'react-relay/hooks';
import type { useSharedFacetsQuery } from '../__generated__/useSharedFacetsQuery.graphql';
import { useFetchOptions } from '../state/fetch-options.ts';
import { useQuestion } from '../state/question.tsx';
import { fewValues } from './facet-fields.ts';

/** The most frequent values of each facet among the logs of the question. All facets read them in one request. */
export function useSharedFacets() {
  const { filter } = useQuestion();
  return useLazyLoadQuery<useSharedFacetsQuery>(
    graphql`
      query useSharedFacetsQuery($filter: RequestLogFilter, $few: Int!, $fewCodes: Int!) @throwOnFieldError {
        requestLogStats(filter: $filter) {
          measures {
            count
          }
          statusClass: groups(by: [STATUS_CLASS], top: 8) {
            ...FacetRows_groups
          }
          statusCode: groups(by: [STATUS_CODE], top: $fewCodes) {
            ...FacetRows_groups
          }
          routePattern: groups(by: [ROUTE_PATTERN], top: $few) {
            ...FacetRows_groups
          }
          method: groups(by: [METHOD], top: $few) {
            ...FacetRows_groups
          }
          consumerId: groups(by: [CONSUMER_ID], top: $few) {
            ...FacetRows_groups
          }
          apiKeyId: groups(by: [API_KEY_ID], top: $few) {
            ...FacetRows_groups
          }
          errorType: groups(by: [ERROR_TYPE], top: $few) {
            ...FacetRows_groups
          }
          service: groups(by: [SERVICE], top: $few) {
            ...FacetRows_groups
          }
        }
      }
    `,
    { filter, few: fewValues('service'), fewCodes: fewValues('statusCode') },
    useFetchOptions(),
  ).requestLogStats;
}
