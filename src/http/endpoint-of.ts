import type { Context } from 'hono';
import { matchedRoutes, routePath } from 'hono/route';

/** Which face a route belongs to. Anything else is `other`: what an operator asks, and what does not exist. */
const FACES: Readonly<Record<string, string>> = {
  '/graphql': 'graphql',
  '/v1/logs': 'scrip',
  '/v1/logs/:id': 'scrip',
  '/v1/logs/*': 'scrip',
  '/v1/organization/logs': 'signa',
  '/v1/organization/logs/:id': 'signa',
  '/v1/organization/logs/*': 'signa',
  '/ingest/v1/request-logs': 'ingest',
};

export interface Face {
  readonly route: string;
  /** `graphql`, `graphiql`, `scrip`, `signa`, `ingest` or `other`. */
  readonly face: string;
}

/** What is asked, as far as the request's line and headers tell. */
export function faceOf(c: Context): Face {
  const route = routeOf(c);
  const face = FACES[route] ?? 'other';
  return { route, face: face === 'graphql' && wantsPage(c.req.raw) ? 'graphiql' : face };
}

/** Whether a request comes from a browser that wants to see a page. */
export function wantsPage({ method, headers }: Request): boolean {
  return method === 'GET' && (headers.get('accept') ?? '').includes('text/html');
}

function routeOf(c: Context): string {
  if (Object.hasOwn(FACES, c.req.path)) return c.req.path;
  // The first one answers; those after it match more.
  const known = matchedRoutes(c).find(({ path }) => Object.hasOwn(FACES, path));
  return known?.path ?? routePath(c, -1);
}
