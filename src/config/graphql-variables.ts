import { z } from 'zod';
import { integer, type Variables } from './variable.ts';

/** The settings of the GraphQL endpoint. */
export const GRAPHQL_VARIABLES = {
  RELAYLOG_GRAPHQL_MAX_COST: {
    schema: integer(1, 1_000_000_000),
    default: '10000',
    about: 'GraphQL: what a query may cost: about 1 for each field of each row that its pages may have.',
  },
  RELAYLOG_GRAPHQL_MAX_DEPTH: {
    schema: integer(1, 100),
    default: '10',
    about: 'GraphQL: levels of fields in a query.',
  },
  RELAYLOG_GRAPHQL_MAX_ALIASES: {
    schema: integer(0, 10_000),
    default: '30',
    about: 'GraphQL: aliases in a query.',
  },
  RELAYLOG_GRAPHQL_MAX_DIRECTIVES: {
    schema: integer(0, 10_000),
    default: '30',
    about: 'GraphQL: directives in a query.',
  },
  RELAYLOG_GRAPHQL_MAX_TOKENS: {
    schema: integer(1, 1_000_000),
    default: '2000',
    about: 'GraphQL: words and signs in the text of a query; variables are not counted.',
  },
  RELAYLOG_GRAPHQL_INTROSPECTION: {
    schema: z.enum(['on', 'off'], 'must be on or off'),
    default: 'on',
    about: 'GraphQL: whether the schema may be asked for, as GraphiQL does.',
  },
  RELAYLOG_GRAPHQL_COMPILED: {
    schema: z.enum(['on', 'off'], 'must be on or off'),
    default: 'on',
    about:
      'GraphQL: whether operations are compiled once they were answered; `off`, each is interpreted, with the same answers at less than half the speed.',
  },
  RELAYLOG_GRAPHQL_OPERATIONS_FILE: {
    schema: z.string(),
    default: '',
    about: 'GraphQL: file of the only operations that are answered, `{"id": "query …"}`; unset: any is.',
  },
} as const satisfies Variables;
