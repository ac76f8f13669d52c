import type { FacetValue, FieldState } from './field-conditions.ts';

/** A value and the number of its logs; null if it is not known. */
export interface CountedValue {
  readonly value: FacetValue;
  readonly count: number | null;
}

/**
 * The values as the API counts them, and after them those of conditions that are not among them, so that each condition can be
 * seen and taken away.
 */
export function withConditionValues(
  counted: readonly CountedValue[],
  { included, excluded }: FieldState,
): readonly CountedValue[] {
  const known = new Set(counted.map(({ value }) => value));
  const missing = [...included.union(excluded)].filter((value) => !known.has(value));
  return [...counted, ...missing.map((value) => ({ value, count: null }))];
}

/** Classes of status codes in their order, each followed by its codes. */
export function codesBelowClasses(
  classes: readonly CountedValue[],
  codes: readonly CountedValue[],
): readonly (CountedValue & { readonly field: 'statusClass' | 'statusCode' })[] {
  const digitOf = ({ value }: CountedValue) => value?.[0];
  const byValue = (a: CountedValue, b: CountedValue) => (a.value ?? '').localeCompare(b.value ?? '');
  const known = new Set(classes.map(digitOf));
  return [
    ...classes
      .toSorted(byValue)
      .flatMap((one) => [
        { ...one, field: 'statusClass' as const },
        ...codes
          .filter((code) => digitOf(code) === digitOf(one))
          .map((code) => ({ ...code, field: 'statusCode' as const })),
      ]),
    ...codes
      .filter((code) => !known.has(digitOf(code)))
      .map((code) => ({ ...code, field: 'statusCode' as const })),
  ];
}
