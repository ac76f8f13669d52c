import { GraphQLError } from 'graphql';
import { RelaylogError } from '../../log/errors.ts';
import { isExhaustedStack } from '../errors.ts';

/** Reasons why graphql-js executes a request instead of the compiled executor; values of the metric's label `reason`. */
export const FALLBACK_REASONS = {
  accept_header: 'the Accept header has not been seen before',
  unknown_operation: 'the operation has not been executed before, or was evicted from the cache',
  variables: 'the variables are not valid for the operation',
  not_compilable:
    'the operation uses a feature that is not compiled, such as introspection or an abstract type',
  too_many_variants: 'the variables of @skip and @include produce too many variants of the operation',
  value:
    'a resolver returned a value that graphql-js must report as an error, such as null for a non-null field',
  expected_error: 'the response contains an expected error, such as invalid input',
  fault: 'the compiled executor failed unexpectedly; the server log has the error',
} as const;
export type FallbackReason = keyof typeof FALLBACK_REASONS;

/** Thrown to hand the operation over to graphql-js, which then produces the whole response, including its errors. */
export class BailOut extends Error {
  readonly reason: FallbackReason;

  constructor(reason: FallbackReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Classifies a failure of the compiled executor for the metric. `fault` is a bug in Relaylog; other reasons are normal. */
export function fallbackReason(error: unknown): FallbackReason {
  if (error instanceof BailOut) return error.reason;
  // graphql-js reports these to the client, as well as a stack overflow caused by deeply nested variables.
  const expected = error instanceof RelaylogError || error instanceof GraphQLError || isExhaustedStack(error);
  return expected ? 'expected_error' : 'fault';
}
