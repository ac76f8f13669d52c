import type { RequestLogFilter } from './request-log-filter.ts';

/**
 * The values of a list of a filter. A filter of a link can be anything: the API reads a single value as a list of one.
 *
 * @param list the operand of `and`, `or`, `in` or `notIn`.
 */
export const valuesOf = (list: unknown): readonly unknown[] =>
  Array.isArray(list) ? list : list === undefined || list === null ? [] : [list];

/** The filters that `and` of a filter joins. Those that are no objects are left out: the API refuses them. */
export const partsOf = ({ and }: RequestLogFilter): readonly RequestLogFilter[] =>
  valuesOf(and).filter(isObject) as readonly RequestLogFilter[];

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
