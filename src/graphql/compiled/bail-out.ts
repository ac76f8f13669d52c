import { GraphQLError } from 'graphql';
import { RelaylogError } from '../../log/errors.ts';
import { isExhaustedStack } from '../errors.ts';

/** Why a request that could be compiled is answered by graphql-js instead; the label `reason` of the metric. */
export const FALLBACK_REASONS = {
  accept_header: 'the Accept header was not seen before',
  unknown_operation: 'the operation was not answered before, or was evicted',
  variables: 'the variables do not fit the operation',
  not_compilable: 'the operation uses what is not compiled, such as introspection or an abstract type',
  too_many_variants: 'the variables of @skip and @include make too many variants of the operation',
  value: 'a resolver gave a value that only graphql-js can report, such as null for a non-null field',
  expected_error: 'the answer holds an error that the client caused or that Relaylog expects',
  fault: 'the compiled executor failed; the error is in the log',
} as const;
export type FallbackReason = keyof typeof FALLBACK_REASONS;

/** The compiled executor leaves the operation to graphql-js, which makes the whole answer, errors and their paths included. */
export class BailOut extends Error {
  readonly reason: FallbackReason;

  constructor(reason: FallbackReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** What a failure of the compiled executor is counted as. `fault` is a mistake of ours; every other reason is normal. */
export function fallbackReason(error: unknown): FallbackReason {
  if (error instanceof BailOut) return error.reason;
  // graphql-js reports these to the client; likewise a stack that nested variables exhaust.
  const expected = error instanceof RelaylogError || error instanceof GraphQLError || isExhaustedStack(error);
  return expected ? 'expected_error' : 'fault';
}
