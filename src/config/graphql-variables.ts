import { z } from 'zod';
import { GRAPHQL_MIN_COST } from './rate-variables.ts';
import { integer, type Variables } from './variable.ts';

const isTraceUrl = (text: string) =>
  text.includes('{traceId}') && ['http:', 'https:'].includes(URL.parse(text)?.protocol ?? '');

/** The settings for the GraphQL endpoint. */
export const GRAPHQL_VARIABLES = {
  RELAYLOG_GRAPHQL_MAX_COST: {
    schema: integer(GRAPHQL_MIN_COST, 1_000_000_000),
    default: '10000',
    description:
      'GraphQL: maximum cost of an operation. Each field costs about 1 for each row that its page may contain.',
  },
  RELAYLOG_GRAPHQL_MAX_DEPTH: {
    schema: integer(1, 100),
    default: '10',
    description: 'GraphQL: maximum depth of nested fields in an operation.',
  },
  RELAYLOG_GRAPHQL_MAX_ALIASES: {
    schema: integer(0, 10_000),
    default: '30',
    description: 'GraphQL: maximum number of aliases in an operation.',
  },
  RELAYLOG_GRAPHQL_MAX_DIRECTIVES: {
    schema: integer(0, 10_000),
    default: '30',
    description: 'GraphQL: maximum number of directives in an operation.',
  },
  RELAYLOG_GRAPHQL_MAX_TOKENS: {
    schema: integer(1, 1_000_000),
    default: '2000',
    description:
      'GraphQL: maximum number of lexical tokens in the query document. Values of variables do not count.',
  },
  RELAYLOG_GRAPHQL_INTROSPECTION: {
    schema: z.enum(['on', 'off'], 'must be on or off'),
    default: 'on',
    description: 'GraphQL: whether introspection of the schema is allowed, which GraphiQL needs.',
  },
  RELAYLOG_GRAPHIQL: {
    schema: z.enum(['on', 'off'], 'must be on or off'),
    default: 'on',
    description:
      'GraphQL: whether `/graphql` shows GraphiQL to browsers. It is off as well if introspection is off or only operations of a file are allowed.',
  },
  RELAYLOG_GRAPHQL_COMPILED: {
    schema: z.enum(['on', 'off'], 'must be on or off'),
    default: 'on',
    description:
      'GraphQL: whether operations are compiled after their first execution. If `off`, all operations are interpreted, with the same results at less than half the speed.',
  },
  RELAYLOG_TRACE_URL: {
    schema: z
      .string()
      .refine(
        (text) => text === '' || isTraceUrl(text),
        'must be an http or https URL that contains {traceId}, such as https://traces.example.com/{traceId}',
      ),
    default: '',
    description:
      'Address of a trace with `{traceId}` in place of its id. The explorer links to it. If unset, traces are not linked.',
  },
  RELAYLOG_GRAPHQL_OPERATIONS_FILE: {
    schema: z.string(),
    default: '',
    description:
      'GraphQL: file with the allowed operations, `{"id": "query …"}`. All other operations are rejected. If unset, every operation is allowed.',
  },
} as const satisfies Variables;
