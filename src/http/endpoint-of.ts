import type { Context } from 'hono';
import { matchedRoutes, routePath } from 'hono/route';

/** Which API a route belongs to. Anything else is `other`: what an operator asks, and what does not exist. */
const APIS: Readonly<Record<string, string>> = {
  '/graphql': 'graphql',
  '/v1/logs': 'scrip',
  '/v1/logs/:id': 'scrip',
  '/v1/logs/*': 'scrip',
  '/v1/organization/logs': 'signa',
  '/v1/organization/logs/:id': 'signa',
  '/v1/organization/logs/*': 'signa',
  '/ingest/v1/request-logs': 'ingest',
};

export interface Api {
  readonly route: string;
  /** `graphql`, `graphiql`, `scrip`, `signa`, `ingest` or `other`. */
  readonly api: string;
}

/** What is asked, as far as the request's line and headers tell. */
export function endpointOf(c: Context): Api {
  const route = routeOf(c);
  const api = APIS[route] ?? 'other';
  return { route, api: api === 'graphql' && wantsPage(c.req.raw) ? 'graphiql' : api };
}

/** Whether a request comes from a browser that wants to see a page. */
export function wantsPage({ method, headers }: Request): boolean {
  return method === 'GET' && (headers.get('accept') ?? '').includes('text/html');
}

function routeOf(c: Context): string {
  if (Object.hasOwn(APIS, c.req.path)) return c.req.path;
  // The first one answers; those after it match more.
  const known = matchedRoutes(c).find(({ path }) => Object.hasOwn(APIS, path));
  return known?.path ?? routePath(c, -1);
}
