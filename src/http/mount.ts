import type { Context, Hono, Next } from 'hono';
import { matchedRoutes, routePath } from 'hono/route';
import { SECOND_MS } from '../lib/time-units.ts';
import { RelaylogError } from '../log/errors.ts';
import { currentCall } from '../telemetry/call.ts';
import { authenticatedCall, jsonAnswer, refuse } from './authenticated-call.ts';
import { compressed } from './compress.ts';
import type { Params, Services } from './endpoint.ts';
import { apiOf, type Endpoint, routeOf } from './endpoint.ts';
import { followStream } from './follow-stream.ts';
import { respond } from './respond.ts';

const NO_PARAMS: Params = {};

/** Adds all endpoints to the app, in the order of the table. */
export function mount(app: Hono, services: Services): void {
  for (const endpoint of services.endpoints) {
    const answer = handlerOf(endpoint, services);
    const route = routeOf(endpoint);
    const paramsOf = route.includes(':') ? (c: Context) => c.req.param() : () => NO_PARAMS;
    const handler = async (c: Context, next: Next) =>
      endpoint.accepts?.(c.req.raw) === false ? next() : answer(c.req.raw, paramsOf(c));
    if (endpoint.methods === 'ALL') app.all(route, handler);
    else app.on([...endpoint.methods], route, handler);
    const ofRoute = services.endpoints.filter((other) => routeOf(other) === route);
    if (endpoint === ofRoute.at(-1)) app.all(route, refuseMethod(ofRoute, services));
  }
}

/** Answers requests to a route by a method that none of its endpoints takes. */
function refuseMethod(endpoints: readonly Endpoint[], services: Services) {
  const { protocol } = endpoints.at(-1)!;
  const allowed = [...new Set(endpoints.flatMap(({ methods }) => (methods === 'ALL' ? [] : methods)))];
  const allow = allowed.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  return async ({ req: { method, path, raw } }: Context): Promise<Response> => {
    const error = new RelaylogError(
      'METHOD_NOT_ALLOWED',
      `${path} does not accept ${method}, only ${allow}.`,
    );
    const response =
      protocol === null
        ? respond(jsonAnswer({ error: { code: error.code, message: error.message } }, 405))
        : await refuse(raw, protocol, services, error);
    response.headers.set('allow', allow);
    return response;
  };
}

type Handler = (request: Request, params: Params) => Promise<Response>;

function handlerOf(endpoint: Endpoint, services: Services): Handler {
  const answer = plainHandlerOf(endpoint, services);
  if (!endpoint.streams) return answer;
  const stallMs = services.config.RELAYLOG_REQUEST_TIMEOUT_SECONDS * SECOND_MS;
  return async (request, params) => {
    const answered = await answer(request, params);
    if (answered.body === null) return answered;
    if (request.method === 'HEAD') {
      // The body of a HEAD response is never read, so the stream would never end.
      await answered.body.cancel();
      return new Response(null, answered);
    }
    const { response, end } = followStream(answered, stallMs, services.report);
    currentCall()!.streamEnd = end;
    return response;
  };
}

function plainHandlerOf(endpoint: Endpoint, services: Services): Handler {
  if (endpoint.protocol !== null) {
    const run = endpoint.open(services);
    return (request, params) => authenticatedCall(request, params, endpoint, services, run);
  }
  const run = endpoint.open(services);
  return async (request) => {
    try {
      const answer = await run(request);
      return answer instanceof Response ? answer : respond(await compressed(answer, request.headers));
    } catch (error) {
      if (!(error instanceof RelaylogError) || error.code !== 'UNAVAILABLE') throw error;
      const { code, message, retryAfter } = error;
      const answer = jsonAnswer({ error: { code, message } }, 503);
      return respond({ ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfter) } });
    }
  };
}

/** Labels of a request, derived from its request line and headers. */
export interface RequestLabels {
  /** Path of the matching endpoint in Hono's syntax; without an exact match, the path of a wildcard endpoint above it. */
  readonly route: string;
  /** The endpoint's `api`; `other` if no endpoint matches. */
  readonly api: string;
  readonly acceptsRequestId: boolean;
}

const OTHER = { api: 'other', acceptsRequestId: false } as const;

/** Creates a function that returns the labels of a request. */
export function labelsOf(endpoints: readonly Endpoint[]): (c: Context) => RequestLabels {
  const labelled = endpoints.filter((endpoint) => apiOf(endpoint) !== 'other');
  const byRoute = Map.groupBy(labelled, routeOf);
  const knownRoute = (c: Context) =>
    byRoute.has(c.req.path)
      ? c.req.path
      : // Routes are in order of registration: the first match handles the request, later ones are wildcards.
        matchedRoutes(c).find(({ path }) => byRoute.has(path))?.path;
  return (c) => {
    const route = knownRoute(c);
    if (route === undefined) return { route: routePath(c, -1), ...OTHER };
    const endpoint = byRoute.get(route)!.find(({ accepts }) => accepts?.(c.req.raw) !== false);
    if (endpoint === undefined) return { route, ...OTHER };
    return { route, api: apiOf(endpoint), acceptsRequestId: endpoint.protocol?.acceptsRequestId ?? false };
  };
}
