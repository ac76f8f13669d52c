import type { z as Zod } from 'zod';
import { REFUSALS } from '../http/refuse-connection.ts';
import { ERROR_CODES, type ErrorCode } from '../log/errors.ts';

/** One response for each status that a table of errors names, with the names that share it; and what is said of no whole request. */
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
  const own = [...names].map(([status, all]) => [status, ok(schema, [...all].join(', '))] as const);
  const refusals = Object.values(REFUSALS).map(
    ({ status, text }) => [status, { description: `${text}; without content` }] as const,
  );
  return Object.fromEntries([...own, ...refusals]);
}

/** An answer in JSON. */
export function ok(schema: Zod.ZodType, description: string) {
  return { description, content: { 'application/json': { schema } } };
}
