import createClient from 'openapi-fetch';
import type { components, paths } from './api.d.ts';

/* A client as a user would write it, with types that are generated from the served document. Prints what it saw as JSON. */

const [baseUrl, key] = process.argv.slice(2);
if (baseUrl === undefined || key === undefined) throw new Error('Usage: client.ts URL KEY');

const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });

/** Responses that the server sends before it knows the API have another shape than those of the API. */
type Failure = components['schemas']['ScripError'] | components['schemas']['GatewayError'];
const messageOf = (error: Failure): string => ('code' in error ? error.message : error.error.message);

async function ingest(): Promise<number> {
  const createdAt = new Date(Date.now() - 60_000).toISOString();
  const { data, error } = await client.POST('/ingest/v1/request-logs', {
    body: ['a', 'b', 'c'].map((requestId) => ({
      requestId,
      createdAt,
      method: 'GET',
      path: `/v1/things/${requestId}`,
      statusCode: 404,
    })),
  });
  if (error !== undefined)
    throw new Error('error' in error ? error.error.message : 'All logs were rejected.');
  return data.stored;
}

async function scripPage(cursor: string | null) {
  const { data, error, response } = await client.GET('/v1/logs', {
    params: { query: { limit: 2, sort_by: 'status_code', ...(cursor === null ? {} : { cursor }) } },
  });
  if (error !== undefined) throw new Error(`${response.status} ${messageOf(error)}`);
  return data;
}

async function scripWalk(): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const { data, pagination } = await scripPage(cursor);
    ids.push(...data.map(({ id }) => id));
    cursor = pagination.next_cursor;
  } while (cursor !== null);
  return ids;
}

const stored = await ingest();
const ids = await scripWalk();
const one = await client.GET('/v1/logs/{id}', { params: { path: { id: ids[0]! } } });
const today = new Date().toISOString().slice(0, 10);
const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const signa = await client.GET('/v1/organization/logs', {
  params: { query: { start_date: yesterday, end_date: today, include_total: 'true' } },
});
const detail = await client.GET('/v1/organization/logs/{request_id}', {
  params: { path: { request_id: 'req_a' } },
});
const missing = await client.GET('/v1/organization/logs/{request_id}', {
  params: { path: { request_id: 'req_missing' } },
});
const denied = await client.GET('/v1/logs', { headers: { Authorization: 'Bearer wrong' } });
const wrong = await client.GET('/v1/logs', {
  // @ts-expect-error The document does not have this parameter.
  params: { query: { status: 404 } },
});
// @ts-expect-error The data may be undefined until the error was ruled out.
export const unchecked = () => denied.data.data;

console.log(
  JSON.stringify({
    stored,
    ids,
    bodies: one.data?.request_body,
    total: signa.data?.pagination.total_count,
    path: detail.data?.path,
    missing: missing.error !== undefined && 'request_id' in missing.error ? missing.error.error.type : null,
    denied: denied.error === undefined ? null : messageOf(denied.error),
    ignored: wrong.response.headers.get('X-Ignored-Parameters'),
  }),
);
