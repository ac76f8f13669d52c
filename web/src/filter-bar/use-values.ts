import { useEffect, useState } from 'react';
import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { RequestLogDimension, useValuesQuery } from '../__generated__/useValuesQuery.graphql';
import type { Condition } from '../filter/condition.ts';
import type { RequestLogFilter } from '../filter/request-log-filter.ts';
import type { CountedValue } from './suggestions.ts';

const PAUSE_MS = 150;
const NO_VALUES: readonly CountedValue[] = [];

/** The fields by which the API groups logs. */
const DIMENSIONS: Partial<Record<Condition['field'], RequestLogDimension>> = {
  apiKeyId: 'API_KEY_ID',
  authType: 'AUTH_TYPE',
  consumerId: 'CONSUMER_ID',
  endpointType: 'ENDPOINT_TYPE',
  errorType: 'ERROR_TYPE',
  host: 'HOST',
  method: 'METHOD',
  routePattern: 'ROUTE_PATTERN',
  service: 'SERVICE',
  statusClass: 'STATUS_CLASS',
  statusCode: 'STATUS_CODE',
};

/** Values of a field that contain a text, and of status codes also their classes. */
export interface ValueQuestion {
  readonly field: Condition['field'];
  readonly search: string;
  /** The logs whose values they are. */
  readonly filter: RequestLogFilter;
}

/**
 * The values that most logs have. While they load, those of the text before.
 *
 * @param question null: none are needed.
 */
export function useValues(question: ValueQuestion | null): {
  readonly values: readonly CountedValue[];
  readonly isLoading: boolean;
} {
  const environment = useRelayEnvironment();
  const [answer, setAnswer] = useState({ key: '', field: '', values: NO_VALUES });
  const dimension = question === null ? undefined : DIMENSIONS[question.field];
  const key = dimension === undefined ? '' : JSON.stringify(question);
  useEffect(() => {
    if (key === '') return;
    const { field, filter, search } = JSON.parse(key) as ValueQuestion;
    let request: { unsubscribe(): void } | undefined;
    const timer = setTimeout(() => {
      request = fetchQuery<useValuesQuery>(
        environment,
        graphql`
          query useValuesQuery(
            $filter: RequestLogFilter
            $by: [RequestLogDimension!]!
            $search: String
            $withClasses: Boolean!
          ) {
            requestLogStats(filter: $filter) {
              classes: groups(by: [STATUS_CLASS], top: 5) @include(if: $withClasses) {
                nodes {
                  key {
                    value
                  }
                  measures {
                    count
                  }
                }
              }
              groups(by: $by, top: 8, search: $search) {
                nodes {
                  key {
                    value
                  }
                  measures {
                    count
                  }
                }
              }
            }
          }
        `,
        {
          filter,
          by: [DIMENSIONS[field]!],
          search: search === '' ? null : search,
          withClasses: field === 'statusCode',
        },
        { fetchPolicy: 'store-or-network' },
      ).subscribe({
        next: ({ requestLogStats: stats }) =>
          setAnswer({
            key,
            field,
            values: [...(stats?.classes?.nodes ?? []), ...(stats?.groups?.nodes ?? [])].map((group) => ({
              value: group.key[0]!.value ?? null,
              count: group.measures.count,
            })),
          }),
        // Suggestions are a help; the panels show the error.
        error: () => setAnswer({ key, field, values: NO_VALUES }),
      });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      request?.unsubscribe();
    };
  }, [environment, key]);
  if (key === '') return { values: NO_VALUES, isLoading: false };
  return {
    values: answer.field === question?.field ? answer.values : NO_VALUES,
    isLoading: answer.key !== key,
  };
}
