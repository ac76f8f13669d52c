import { allOf, anyOf, type Filter } from '../log/filter.ts';

/** The first digits of status codes that report an error. */
export const CLIENT_ERROR = 4;
export const SERVER_ERROR = 5;

/** The first digit of a status code: 4 for 404. */
export function classDigitOf(statusCode: number): number {
  return Math.floor(statusCode / 100);
}

/** Every class of status codes, as text. */
export const STATUS_CLASSES: readonly string[] = [1, 2, 3, 4, 5].map((digit) => `${digit}xx`);

/** The lowest and the highest status code of a class. */
export function statusCodesOf(digit: number): { readonly lowest: number; readonly highest: number } {
  return { lowest: digit * 100, highest: digit * 100 + 99 };
}

/** Matches the logs whose status code is of a class. Text that is not a class matches no log. */
export function statusClassFilter(statusClass: string | null): Filter {
  if (statusClass === null || !STATUS_CLASSES.includes(statusClass)) return anyOf([]);
  const { lowest, highest } = statusCodesOf(Number(statusClass[0]));
  return allOf([
    { op: 'gte', field: 'statusCode', value: lowest },
    { op: 'lte', field: 'statusCode', value: highest },
  ]);
}
