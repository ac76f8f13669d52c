import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  OverlappingFieldsCanBeMergedRule,
  type ValidationRule,
  validate,
} from 'graphql';
import { VALIDATION_LIMITS } from './limits.ts';
import { mergeConflict } from './merge-conflict.ts';

/**
 * Validates a document as `validate` of graphql-js does, in linear time. It reports at most `VALIDATION_LIMITS.errors` errors,
 * and a conflict between fields only if there is no other error.
 *
 * @param hideSuggestions whether messages must not suggest names of the schema.
 */
export function validateWithin(
  schema: GraphQLSchema,
  document: DocumentNode,
  rules: readonly ValidationRule[],
  hideSuggestions: boolean,
): readonly GraphQLError[] {
  const { errors: maxErrors } = VALIDATION_LIMITS;
  const others = rules.filter((rule) => rule !== OverlappingFieldsCanBeMergedRule);
  const errors = validate(schema, document, others, { maxErrors, hideSuggestions });
  if (errors.length > maxErrors) {
    const rest = `The query has more than ${maxErrors} validation errors; the first ${maxErrors} are reported.`;
    return [...errors.slice(0, maxErrors), new GraphQLError(rest)];
  }
  if (errors.length > 0) return errors;
  try {
    const conflict = mergeConflict(schema, document);
    return conflict === null ? [] : [conflict];
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
