import { useDisableIntrospection } from '@graphql-yoga/plugin-disable-introspection';
import { type DocumentNode, execute } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { CountedCache } from '../lib/counted-cache.ts';
import { OPERATION_PARAMETER, readOperations, useAllowedOperations } from './allowed-operations.ts';
import { type CompiledParts, compiledFirst, type Handle } from './compiled/compiled-first.ts';
import { type Context, createContext, type GraphQLCall } from './context.ts';
import { clientError } from './errors.ts';
import { schema } from './schema.ts';
import type { GraphQLSettings } from './settings.ts';
import { useOperationName } from './use-operation-name.ts';
import { useOwnCodes } from './use-own-codes.ts';
import { useQueryLimits } from './use-query-limits.ts';

/** Yoga looks at the URL of a request; it gets this one, with what is asked. */
const ENDPOINT = 'http://relaylog/graphql';
/** No path at all: Yoga would answer any URL that ends with its own. */
const NO_HEALTH_CHECK = '\0';
/** Of the texts whose documents are kept parsed, and of those whose mistakes are: some 200 bytes of memory each, at worst. */
const PARSED_CHARACTERS = 250_000;

/**
 * Answers a request of somebody who was authenticated before.
 *
 * @param report is called with each error that was not expected.
 * @throws Error if the file of operations cannot be used.
 */
export function graphqlHandler(
  { limits, introspection, compiled, operationsFile }: GraphQLSettings,
  metrics: CompiledParts['metrics'],
  report: (error: unknown, details?: object) => void,
): Handle {
  const toClientError = (error: unknown) => clientError(error, report);
  const first = compiled ? compiledFirst({ schema, limits, metrics, report }) : null;
  const documentCache = parsed<DocumentNode>();
  const errorCache = parsed<Error>();
  metrics.cache('parsed_operations', documentCache);
  metrics.cache('refused_operations', errorCache);
  const yoga = createYoga<GraphQLCall, Context>({
    schema,
    graphqlEndpoint: new URL(ENDPOINT).pathname,
    healthCheckEndpoint: NO_HEALTH_CHECK,
    parserAndValidationCache: { documentCache, errorCache },
    graphiql: false,
    landingPage: false,
    logging: false,
    cors: false,
    multipart: false,
    batching: false,
    extraParamNames: [OPERATION_PARAMETER],
    context: (call) => createContext(call, limits),
    maskedErrors: { maskError: toClientError },
    plugins: [
      useGraphQLJs(),
      useOwnCodes(toClientError),
      useOperationName(),
      useQueryLimits(limits, toClientError),
      ...(first === null ? [] : [first.plugin]),
      ...(introspection ? [] : [useDisableIntrospection()]),
      ...(operationsFile === null
        ? []
        : [useAllowedOperations(readOperations(operationsFile, schema), toClientError)]),
    ],
  });
  const byYoga: Handle<Response> = async ({ url, method, headers, body }, call) => {
    const requested = new Headers(headers);
    // It was seen to be JSON, however that was written.
    if (body !== null) requested.set('content-type', 'application/json');
    const request = new Request(ENDPOINT + new URL(url).search, { method, headers: requested, body });
    const { body: answered, status, headers: given } = await yoga.fetch(request, call);
    // Yoga's own Response class is not one that every caller can read.
    return new Response(answered, { status, headers: [...given] });
  };
  return first?.before(byYoga) ?? byYoga;
}

function parsed<V extends NonNullable<unknown>>(): CountedCache<V> {
  return new CountedCache({ maxWeight: PARSED_CHARACTERS, weigh: (_, text) => Math.max(1, text.length) });
}

/** Executes by graphql-js; Yoga's own executor loses a variable named `__proto__`. */
function useGraphQLJs(): Plugin {
  return { onExecute: ({ setExecuteFn }) => setExecuteFn(execute) };
}
