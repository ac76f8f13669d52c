import { GraphQLScalarType } from 'graphql';
import { DateTimeResolver } from 'graphql-scalars';
import { isoTime } from '../lib/date-time.ts';

const { serialize: _, ...config } = DateTimeResolver.toConfig();

/** Reads what the library's scalar does; resolvers give Unix milliseconds, for which a `Date` each would cost ten times. */
export const dateTimeScalar = new GraphQLScalarType<Date, string>({
  ...config,
  coerceOutputValue: (ms) => isoTime(ms as number),
});
