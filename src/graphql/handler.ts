import { useDisableIntrospection } from '@graphql-yoga/plugin-disable-introspection';
import { type DocumentNode, execute } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { CountedCache } from '../lib/counted-cache.ts';
import { OPERATION_PARAMETER, readOperations, useAllowedOperations } from './allowed-operations.ts';
import { type CompiledParts, compiledFirst, type Handle } from './compiled/compiled-first.ts';
import { type Context, createContext, type GraphQLCall } from './context.ts';
import { asRefusal, clientError } from './errors.ts';
import { withoutHiddenNames } from './hidden-names.ts';
import { persistedQueries, useRefusals } from './persisted-queries.ts';
import { PersistedTexts } from './persisted-texts.ts';
import { schema } from './schema.ts';
import type { GraphQLSettings } from './settings.ts';
import { useErrorCodes } from './use-error-codes.ts';
import { useOperationName } from './use-operation-name.ts';
import { useQueryLimits } from './use-query-limits.ts';

/** URL that Yoga receives instead of the request's own, followed by the request's query string. */
const ENDPOINT = 'http://relaylog/graphql';
/** Not a valid path, so it never matches: Yoga's health check answers every URL that ends with its path. */
const NO_HEALTH_CHECK = '\0';
/**
 * Maximum total length of the texts in the document cache, and likewise in the error cache. A character costs up to 200 bytes
 * of memory.
 */
const CACHED_CHARACTERS = 250_000;

/**
 * Creates the handler of authenticated GraphQL requests.
 *
 * @param report called with each unexpected error.
 * @throws Error if the file of allowed operations cannot be read or is not valid.
 */
export function graphqlHandler(
  settings: GraphQLSettings,
  metrics: CompiledParts['metrics'],
  report: (error: unknown, details?: object) => void,
): Handle {
  const { limits, introspection, compiled, operationsFile } = settings;
  const reword = introspection ? undefined : withoutHiddenNames;
  const toClientError = (error: unknown) => clientError(error, report, reword);
  const toRefusal = (error: unknown) => asRefusal(toClientError(error));
  const compiledExecutor = compiled ? compiledFirst({ schema, settings, metrics, report }) : null;
  const documentCache = operationCache<DocumentNode>();
  const errorCache = operationCache<Error>();
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
    context: (call) => createContext(call, settings),
    maskedErrors: { maskError: toClientError },
    plugins: [
      useGraphQLJs(),
      useErrorCodes(toClientError),
      useOperationName(),
      useRefusals(toRefusal),
      ...(operationsFile === null
        ? []
        : [useAllowedOperations(readOperations(operationsFile, schema), toRefusal)]),
      // After the plugin that looks up operations by their id: reading them is charged, too.
      useQueryLimits(
        limits,
        { documents: documentCache, errors: errorCache },
        {
          toRefusal,
          hideSuggestions: !introspection,
        },
      ),
      ...(compiledExecutor === null ? [] : [compiledExecutor.plugin]),
      ...(introspection ? [] : [useDisableIntrospection()]),
    ],
  });
  const yogaHandler: Handle<Response> = async ({ url, method, headers, body }, call) => {
    const requested = new Headers(headers);
    // `checkedRequest` has verified the type; Yoga does not accept every spelling of it.
    if (body !== null) requested.set('content-type', 'application/json');
    const request = new Request(ENDPOINT + new URL(url).search, { method, headers: requested, body });
    const { body: answered, status, headers: given } = await yoga.fetch(request, call);
    // Yoga's own Response class is not one that every caller can read.
    return new Response(answered, { status, headers: [...given] });
  };
  const handle = compiledExecutor?.wrap(yogaHandler) ?? yogaHandler;
  if (operationsFile !== null) return handle;
  const texts = new PersistedTexts();
  metrics.cache('persisted_queries', texts);
  return persistedQueries(texts, limits, handle, yogaHandler);
}

function operationCache<V extends NonNullable<unknown>>(): CountedCache<V> {
  return new CountedCache({ maxWeight: CACHED_CHARACTERS, weigh: (_, text) => Math.max(1, text.length) });
}

/** Executes operations with graphql-js, because Yoga's own executor drops a variable named `__proto__`. */
function useGraphQLJs(): Plugin {
  return { onExecute: ({ setExecuteFn }) => setExecuteFn(execute) };
}
