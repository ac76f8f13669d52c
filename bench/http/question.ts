import type { RequestLog } from '../../src/log/request-log.ts';

/** Rows of the page that every server is asked for. */
export const PAGE_ROWS = 100;

export const ORGANIZATION = 'bench';

const FIELDS = [
  'id',
  'createdAt',
  'requestId',
  'method',
  'path',
  'statusCode',
  'durationMs',
  'routePattern',
  'apiKeyId',
  'errorType',
  'traceId',
].join(' ');

const body = (selection: string) =>
  JSON.stringify({
    query: `query Page($first: Int!) { requestLogs(first: $first) { ${selection} } }`,
    variables: { first: PAGE_ROWS },
  });

/** Requests by their name in the tables. */
export const QUESTIONS = {
  page: body(`edges { node { ${FIELDS} } } pageInfo { hasNextPage hasPreviousPage }`),
  relay: body(`edges { cursor node { ${FIELDS} __typename } } pageInfo { endCursor hasNextPage }`),
  bare: body(`edges { node { ${FIELDS} } }`),
  counted: body(`totalCount edges { node { ${FIELDS} } }`),
  bodies: body(`edges { node { ${FIELDS} requestHeaders requestBody responseHeaders responseBody } }`),
} as const;

export type Question = keyof typeof QUESTIONS;

/** The page as a hand-written server would say it. */
export function handWrittenPage(logs: readonly RequestLog[]) {
  return {
    data: {
      requestLogs: {
        edges: logs.slice(0, PAGE_ROWS).map((log) => ({
          node: {
            id: Buffer.from(`RequestLog:${log.id}`).toString('base64url'),
            createdAt: new Date(log.createdAt).toISOString(),
            requestId: `req_${log.requestId}`,
            method: log.method,
            path: log.path,
            statusCode: log.statusCode,
            durationMs: log.durationMs,
            routePattern: log.routePattern,
            apiKeyId: log.apiKeyId,
            errorType: log.errorType,
            traceId: log.traceId,
          },
        })),
        pageInfo: { hasNextPage: logs.length > PAGE_ROWS, hasPreviousPage: false },
      },
    },
  };
}
