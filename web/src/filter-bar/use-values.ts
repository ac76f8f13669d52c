import { useEffect, useState } from 'react';
import { fetchQuery, graphql, useRelayEnvironment } from 'react-relay/hooks';
import type { useValuesQuery } from '../__generated__/useValuesQuery.graphql';
import { DIMENSIONS } from '../fields/dimensions.ts';
import type { Condition } from '../filter/condition.ts';
import type { RequestLogFilter } from '../filter/request-log-filter.ts';
import type { CountedValue } from './suggestions.ts';

const PAUSE_MS = 150;
const NO_VALUES: readonly CountedValue[] = [];

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
  const key = question === null || dimensionOf(question.field) === null ? '' : JSON.stringify(question);
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
          by: [dimensionOf(field)!],
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

/** Null: the API does not group by the field. */
const dimensionOf = (field: Condition['field']) =>
  Object.hasOwn(DIMENSIONS, field) ? DIMENSIONS[field as keyof typeof DIMENSIONS] : null;
