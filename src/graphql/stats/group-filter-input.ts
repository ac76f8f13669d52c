import { badInput } from '../../log/errors.ts';
import type { Json } from '../../log/request-log.ts';
import { DIMENSIONS, type GroupKeyPart } from '../../stats/dimensions.ts';
import { FILTER_LIMITS } from '../limits.ts';
import type { RequestLogFilterInput } from '../request-log-filter.ts';

/**
 * The `RequestLogFilter` value, as JSON, that selects exactly a group's logs: the filter of the statistics and, for each
 * dimension, that its field equals the group's value. It is not nested deeper than the filter.
 *
 * @param input the filter of the statistics, which is valid.
 */
export function groupFilterInput(
  input: RequestLogFilterInput | null | undefined,
  key: readonly GroupKeyPart[],
): Json {
  const filter = toJson(input ?? {}) as { [field: string]: Json };
  for (const part of key) {
    const [field, eq] = equality(part);
    const conditions = (filter[field] ?? {}) as { [operator: string]: Json };
    // If the filter has this operator, the group has the same value, or there would be no group.
    filter[field] = { eq, ...conditions };
  }
  return filter;
}

/** @throws RelaylogError BAD_USER_INPUT if the filter of a group would have more conditions than are accepted. */
export function requireGroupFilter(conditions: number, dimensions: number): void {
  const max = FILTER_LIMITS.conditions - dimensions;
  if (conditions <= max) return;
  throw badInput(
    `The filter has ${conditions} conditions; with groups by ${dimensions} dimensions, at most ${max} are accepted, because each group's filter has one more for each dimension.`,
  );
}

function equality({ dimension, value }: GroupKeyPart): readonly [field: string, eq: Json] {
  const filter = DIMENSIONS[dimension].filterFor(value);
  return filter.op === 'eq' ? [filter.field, filter.value] : ['statusClass', value];
}

/** The JSON value that a coerced argument was given as. Times are in UTC. */
function toJson(value: unknown): Json {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .map(([name, part]) => [name, toJson(part)]),
  );
}
