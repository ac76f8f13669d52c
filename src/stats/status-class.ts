import { allOf, anyOf, type Filter } from '../log/filter.ts';

/** The first digits of status codes that report an error. */
export const CLIENT_ERROR = 4;
export const SERVER_ERROR = 5;

/** The first digit of a status code: 4 for 404. */
export function classDigitOf(statusCode: number): number {
  return Math.floor(statusCode / 100);
}

/** Matches the logs whose status code is of a class. Text that is not a class matches no log. */
export function statusClassFilter(statusClass: string | null): Filter {
  const digit = /^([1-5])xx$/.exec(statusClass ?? '')?.[1];
  if (digit === undefined) return anyOf([]);
  const start = Number(digit) * 100;
  return allOf([
    { op: 'gte', field: 'statusCode', value: start },
    { op: 'lte', field: 'statusCode', value: start + 99 },
  ]);
}
