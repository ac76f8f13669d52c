import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { RelaylogError } from '../../log/errors.ts';
import { timeZoneOf } from '../../stats/time-zone.ts';

/** The name of an IANA time zone. */
export const timeZoneScalar = new GraphQLScalarType<string, string>({
  name: 'TimeZone',
  description: 'The name of an IANA time zone, such as `Europe/Berlin` or `UTC`.',
  coerceInputValue: zoneOf,
  coerceInputLiteral(node) {
    if (node.kind !== Kind.STRING) throw new GraphQLError(NOT_TEXT, { nodes: node });
    return zoneOf(node.value);
  },
  coerceOutputValue: (zone) => String(zone),
});

const NOT_TEXT = 'A time zone must be a string: an IANA name, such as "Europe/Berlin" or "UTC".';

/** @throws GraphQLError, because graphql-js adds to any other error where the value is, which is in its message anyway. */
function zoneOf(value: unknown): string {
  if (typeof value !== 'string') throw new GraphQLError(NOT_TEXT);
  try {
    return timeZoneOf(value);
  } catch (error) {
    if (error instanceof RelaylogError) throw new GraphQLError(error.message);
    throw error;
  }
}
