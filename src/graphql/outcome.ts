import { FIELDS } from '../log/fields.ts';
import type { Filter } from '../log/filter.ts';
import { builder } from './builder.ts';

/** Ranges of status codes, both bounds inclusive. */
const OUTCOMES = {
  SUCCESS: { from: FIELDS.statusCode.min, to: 399, description: 'Status code below 400.' },
  CLIENT_ERROR: { from: 400, to: 499, description: 'Status code 400 to 499.' },
  SERVER_ERROR: { from: 500, to: FIELDS.statusCode.max, description: 'Status code 500 to 599.' },
} as const;

export type Outcome = keyof typeof OUTCOMES;

export const OutcomeEnum = builder.enumType('RequestLogOutcome', {
  description: 'Outcome of a request, derived from its status code.',
  values: OUTCOMES,
});

export function outcomeOf(statusCode: number): Outcome {
  if (statusCode >= OUTCOMES.SERVER_ERROR.from) return 'SERVER_ERROR';
  return statusCode >= OUTCOMES.CLIENT_ERROR.from ? 'CLIENT_ERROR' : 'SUCCESS';
}

export function outcomeFilter(outcome: Outcome): Filter {
  const { from, to } = OUTCOMES[outcome];
  return {
    op: 'and',
    filters: [
      { op: 'gte', field: 'statusCode', value: from },
      { op: 'lte', field: 'statusCode', value: to },
    ],
  };
}
