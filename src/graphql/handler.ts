import { createYoga, type GraphiQLOptions } from 'graphql-yoga';
import type { Viewer } from '../access/viewer.ts';
import type { ViewerLogs } from '../access/viewer-logs.ts';
import { type Context, createContext } from './context.ts';
import { clientError } from './errors.ts';
import { schema } from './schema.ts';
import { useOperationName } from './use-operation-name.ts';
import { useOwnCodes } from './use-own-codes.ts';
import { useTokenLimit } from './use-token-limit.ts';

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
    plugins: [useTokenLimit(), useOperationName(), useOwnCodes((error) => clientError(error, report))],
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
