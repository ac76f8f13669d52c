import { getOperationAST } from 'graphql';
import { createYoga, type GraphiQLOptions, type Plugin } from 'graphql-yoga';
import type { Viewer } from '../access/viewer.ts';
import type { ViewerLogs } from '../access/viewer-logs.ts';
import { noteOperation } from '../ops/call.ts';
import { type Context, createContext } from './context.ts';
import { clientError } from './errors.ts';
import { schema } from './schema.ts';

/** What one call brings along. */
export interface GraphQLCall {
  readonly viewer: Viewer;
  readonly logs: ViewerLogs;
  readonly cursorSecret: Buffer;
  /** Unix milliseconds. */
  readonly now: number;
}

export interface GraphQLHandler {
  /** Answers a request of somebody who was authenticated before. */
  handle(request: Request, call: GraphQLCall): Promise<Response>;
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

/** More than any honest operation has; what is checked of an operation may recurse as deeply as it is long. */
const MAX_TOKENS = 10_000;

const LIMITS_TOKENS: Plugin = {
  onParse({ parseFn, setParseFn }) {
    setParseFn((source, options) => parseFn(source, { ...options, maxTokens: MAX_TOKENS }));
  },
};

const NAMES_OPERATION: Plugin = {
  onExecute({ args: { document, operationName } }) {
    noteOperation(getOperationAST(document, operationName)?.name?.value ?? 'anonymous');
  },
};

/** Mistakes that Yoga finds by itself, before anything is executed, get one of our codes too. */
function ownCodes(report: (error: unknown) => void): Plugin {
  return {
    onResultProcess({ result, setResult }) {
      if (Array.isArray(result) || !('errors' in result) || result.errors === undefined) return;
      setResult({ ...result, errors: result.errors.map((error) => clientError(error, report)) });
    },
  };
}

/** @param report is called with each error that was not expected. */
export function graphqlHandler(report: (error: unknown) => void): GraphQLHandler {
  const yoga = createYoga<GraphQLCall, Context>({
    schema,
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    logging: false,
    cors: false,
    multipart: false,
    context: ({ viewer, logs, cursorSecret, now }) => createContext(viewer, logs, cursorSecret, now),
    plugins: [LIMITS_TOKENS, NAMES_OPERATION, ownCodes(report)],
    maskedErrors: { maskError: (error) => clientError(error, report) },
  });
  return {
    handle: async (request, call) => yoga.fetch(request, call),
    async page() {
      // Nine megabytes of editor, loaded for who opens it.
      const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
      return new Response(renderGraphiQL(GRAPHIQL), {
        headers: { 'content-type': 'text/html; charset=utf-8' },
      });
    },
  };
}
