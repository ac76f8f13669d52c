import { useDisableIntrospection } from '@graphql-yoga/plugin-disable-introspection';
import { createYoga, type GraphiQLOptions } from 'graphql-yoga';
import type { Metrics } from '../ops/metrics.ts';
import { OPERATION_PARAMETER, readOperations, useAllowedOperations } from './allowed-operations.ts';
import { compiledFirst, type Handle } from './compiled/compiled-first.ts';
import { type Context, createContext, type GraphQLCall } from './context.ts';
import { clientError } from './errors.ts';
import type { Limits } from './limits.ts';
import { schema } from './schema.ts';
import { useOperationName } from './use-operation-name.ts';
import { useOwnCodes } from './use-own-codes.ts';
import { useQueryLimits } from './use-query-limits.ts';

export interface GraphQLSettings {
  readonly limits: Limits;
  /** Whether the schema may be asked for. */
  readonly introspection: boolean;
  /** Whether operations are compiled once they were answered. */
  readonly compiled: boolean;
  /** File of the only operations that are answered; null: any is. */
  readonly operationsFile: string | null;
}

export interface GraphQLHandler {
  /** Answers a request of somebody who was authenticated before. */
  readonly handle: Handle;
  /** The GraphiQL page, which holds no data and needs no key. */
  page(): Promise<Response>;
}

const GRAPHIQL: GraphiQLOptions = {
  title: 'Relaylog',
  defaultHeaders: JSON.stringify({ 'X-API-Key': 'paste your key here' }, null, 2),
  defaultQuery: `query Latest {
  requestLogs(first: 10, filter: { outcome: CLIENT_ERROR }) {
    totalCount
    edges { node { createdAt method path statusCode durationMs } }
    pageInfo { hasNextPage endCursor }
  }
}`,
};

/**
 * @param report is called with each error that was not expected.
 * @throws Error where the file of operations cannot be used.
 */
export function graphqlHandler(
  { limits, introspection, compiled, operationsFile }: GraphQLSettings,
  metrics: Pick<Metrics, 'cache' | 'counter' | 'gauge'>,
  report: (error: unknown) => void,
): GraphQLHandler {
  const told = (error: unknown) => clientError(error, report);
  const first = compiled ? compiledFirst({ schema, limits, metrics }) : null;
  const yoga = createYoga<GraphQLCall, Context>({
    schema,
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    logging: false,
    cors: false,
    multipart: false,
    batching: false,
    extraParamNames: [OPERATION_PARAMETER],
    context: (call) => createContext(call, limits),
    maskedErrors: { maskError: told },
    plugins: [
      useOwnCodes(told),
      useOperationName(),
      useQueryLimits(limits, told),
      ...(first === null ? [] : [first.plugin]),
      ...(introspection ? [] : [useDisableIntrospection()]),
      ...(operationsFile === null
        ? []
        : [useAllowedOperations(readOperations(operationsFile, schema), told)]),
    ],
  });
  const ordinary: Handle<Response> = async ({ url, method, headers, body }, call) =>
    yoga.fetch(new Request(url, { method, headers, body }), call);
  return {
    handle: first?.before(ordinary) ?? ordinary,
    async page() {
      // Nine megabytes of editor, loaded for who opens it.
      const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
      return new Response(renderGraphiQL(GRAPHIQL), {
        headers: { 'content-type': 'text/html; charset=utf-8' },
      });
    },
  };
}
