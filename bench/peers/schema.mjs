/*
 * The schema that each peer serves: the same fields from the same rows, with the shortest resolvers that produce the same
 * bytes. There are no keys, limits or logs, which favours the peers.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

export const typeDefs = /* GraphQL */ `
  type Query { requestLogs(first: Int!): RequestLogConnection! }
  type RequestLogConnection { edges: [RequestLogEdge!]! pageInfo: PageInfo! }
  type RequestLogEdge { cursor: String! node: RequestLog! }
  type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
  type RequestLog {
    id: ID! createdAt: String! requestId: String! method: String! path: String! statusCode: Int!
    durationMs: Int routePattern: String apiKeyId: String errorType: String traceId: String
  }
`;

const rows = JSON.parse(readFileSync(process.env.BENCH_ROWS, 'utf8'));
const cursorOf = ({ createdAt, id }) => Buffer.from(`${createdAt}:${id}`).toString('base64url');

export const resolvers = {
  Query: {
    requestLogs(_root, { first }) {
      const page = rows.slice(0, first);
      return {
        edges: page.map((node) => ({ node })),
        pageInfo: {
          hasNextPage: rows.length > first,
          hasPreviousPage: false,
          startCursor: cursorOf(page.at(0)),
          endCursor: cursorOf(page.at(-1)),
        },
      };
    },
  },
  RequestLogEdge: { cursor: ({ node }) => cursorOf(node) },
  RequestLog: {
    id: ({ id }) => Buffer.from(`RequestLog:${id}`).toString('base64url'),
    createdAt: ({ createdAt }) => new Date(createdAt).toISOString(),
    requestId: ({ requestId }) => `req_${requestId}`,
  },
};

/** Starts a server on a free port and prints its URL. */
export function listen(listener) {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
}
