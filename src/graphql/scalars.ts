import { GraphQLError, GraphQLScalarType, Kind, print } from 'graphql';
import { isoTime, parseRfc3339 } from '../lib/date-time.ts';
import type { Json } from '../log/request-log.ts';

/** Resolvers return Unix milliseconds instead of `Date` objects, which are ten times slower to create and serialize. */
export const dateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description:
    'A date-time of RFC 3339, such as `2007-12-03T10:15:30Z`. Output is in UTC, with milliseconds.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  coerceInputValue: (value) => dateOf(value, JSON.stringify(value)),
  coerceInputLiteral: (node) => dateOf(node.kind === Kind.STRING ? node.value : null, print(node)),
  coerceOutputValue: (ms) => isoTime(ms as number),
});

/** @param shown the value in the message of the error. */
function dateOf(value: unknown, shown: string): Date {
  const ms = typeof value === 'string' ? parseRfc3339(value) : null;
  if (ms !== null) return new Date(ms);
  throw new GraphQLError(
    `DateTime cannot represent ${shown}: send an RFC 3339 date-time with an offset, such as "2007-12-03T10:15:30Z".`,
  );
}

/** Integers of up to 53 bits; `Int` has 32. */
export const safeIntScalar = new GraphQLScalarType<number, number>({
  name: 'SafeInt',
  description: 'An integer from -(2^53 - 1) to 2^53 - 1.',
  specifiedByURL: 'https://www.ecma-international.org/ecma-262/#sec-number.issafeinteger',
  coerceInputValue: (value) => integerOf(value, JSON.stringify(value)),
  coerceInputLiteral: (node) => integerOf(node.kind === Kind.INT ? Number(node.value) : null, print(node)),
  coerceOutputValue: (value) => integerOf(value, String(value)),
});

/** @param shown the value in the message of the error. */
function integerOf(value: unknown, shown: string): number {
  if (Number.isSafeInteger(value)) return value as number;
  throw new GraphQLError(
    `SafeInt cannot represent ${shown}: it must be an integer from -(2^53 - 1) to 2^53 - 1.`,
  );
}

/** Output only. */
export const jsonScalar = new GraphQLScalarType<Json, Json>({
  name: 'JSON',
  description: 'Any JSON value.',
  specifiedByURL: 'https://www.ecma-international.org/publications-and-standards/standards/ecma-404/',
  coerceOutputValue: (value) => value as Json,
});
