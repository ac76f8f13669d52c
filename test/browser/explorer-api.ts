import type { Serving } from '../support/cli.ts';
import { demoKeyOf } from './explorer.ts';

type Variables = Readonly<Record<string, unknown>>;

/** Asks the GraphQL API what the page should show. @throws Error if it answers with errors. */
export async function ask<T>(server: Serving, query: string, variables: Variables = {}): Promise<T> {
  const { data, errors } = await post(server, '/graphql', JSON.stringify({ query, variables }));
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

/** Stores logs, each with what is needed if it is not given. @throws Error if one is rejected. */
export async function ingest(server: Serving, logs: readonly Variables[]): Promise<void> {
  const body = logs.map((log) => ({
    createdAt: Date.now(),
    method: 'GET',
    path: '/v1/things',
    statusCode: 200,
    ...log,
  }));
  const { rejected } = await post(server, '/ingest/v1/request-logs', JSON.stringify(body));
  if (rejected?.length !== 0) throw new Error(JSON.stringify(rejected));
}

interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: the caller knows what it asks for
  readonly data: any;
  readonly errors?: unknown;
  readonly rejected?: readonly unknown[];
}

async function post(server: Serving, path: string, body: string): Promise<Answer> {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${demoKeyOf(server)}` };
  const response = await fetch(server.url + path, { method: 'POST', headers, body });
  return response.json() as Promise<Answer>;
}

/** Request ids of the logs in the order of the API, at most `limit`. */
export async function walk(
  server: Serving,
  filter: unknown,
  sort: unknown = { field: 'CREATED_AT', direction: 'DESC' },
  limit = Number.POSITIVE_INFINITY,
): Promise<readonly string[]> {
  const ids: string[] = [];
  let pageInfo: Page['pageInfo'] = { hasNextPage: true, endCursor: null };
  while (pageInfo.hasNextPage && ids.length < limit) {
    const variables = { filter, sort, after: pageInfo.endCursor };
    const { requestLogs } = await ask<{ requestLogs: Page }>(server, WALK, variables);
    ids.push(...requestLogs.nodes.map(({ requestId }) => requestId));
    ({ pageInfo } = requestLogs);
  }
  return ids.slice(0, limit);
}

interface Page {
  readonly nodes: readonly { readonly requestId: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const WALK = `query ($filter: RequestLogFilter, $sort: RequestLogSort, $after: String) {
  requestLogs(filter: $filter, sort: $sort, first: 100, after: $after) {
    nodes { requestId }
    pageInfo { hasNextPage endCursor }
  }
}`;

const DAY_MS = 86_400_000;

/** A range of time of whole days in UTC, as it stands in the URL and as a filter. @param from days before today. @param to exclusive; default: tomorrow. */
export function daysAgo(from: number, to = -1) {
  const day = (ago: number) => new Date((Math.floor(Date.now() / DAY_MS) - ago) * DAY_MS).toISOString();
  return { range: `range=${day(from)}/${day(to)}`, createdAt: { gte: day(from), lt: day(to) } };
}
