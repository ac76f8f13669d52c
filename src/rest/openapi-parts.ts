import type { z as Zod } from 'zod';
import { REFUSALS } from '../http/refuse-connection.ts';
import { ERROR_CODES, type ErrorCode } from '../log/errors.ts';

/**
 * OpenAPI responses for errors: one for each status of an API's error table, described by the error names that share
 * the status, and one for each status that the server itself returns for incomplete requests.
 */
export function errorResponses(
  rowOf: (code: ErrorCode) => [status: number, name: string],
  schema: Zod.ZodType,
) {
  const names = new Map<number, Set<string>>();
  // A documented operation is never answered METHOD_NOT_ALLOWED.
  const codes = ERROR_CODES.filter((code) => code !== 'METHOD_NOT_ALLOWED');
  for (const [status, name] of codes.map(rowOf)) {
    names.set(status, (names.get(status) ?? new Set()).add(name));
  }
  const errors = [...names].map(([status, all]) => [status, ok(schema, [...all].join(', '))] as const);
  const refusals = Object.values(REFUSALS).map(
    ({ status, text }) => [status, { description: `${text}; empty body` }] as const,
  );
  return Object.fromEntries([...errors, ...refusals]);
}

/** An OpenAPI response with a JSON body. */
export function ok(schema: Zod.ZodType, description: string) {
  return { description, content: { 'application/json': { schema } } };
}
