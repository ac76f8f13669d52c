import type { Context, Hono, Next } from 'hono';
import { matchedRoutes, routePath } from 'hono/route';
import { SECOND_MS } from '../lib/time-units.ts';
import { RelaylogError } from '../log/errors.ts';
import { currentCall } from '../telemetry/call.ts';
import { authenticatedCall, jsonAnswer, refuse } from './authenticated-call.ts';
import type { Params, Services } from './endpoint.ts';
import { apiOf, type Endpoint, routeOf } from './endpoint.ts';
import { followStream } from './follow-stream.ts';
import { respond } from './respond.ts';

const NO_PARAMS: Params = {};

/** Makes the app answer every endpoint of the table, in its order. */
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
  return ({ req: { method, path, raw } }: Context): Response => {
    const error = new RelaylogError(
      'METHOD_NOT_ALLOWED',
      `${path} does not accept ${method}, only ${allow}.`,
    );
    const response =
      protocol === null
        ? respond(jsonAnswer({ error: { code: error.code, message: error.message } }, 405))
        : refuse(raw, protocol, services, error);
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
      // Nobody would read it, and it would never end.
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
    const answer = await run(request);
    return answer instanceof Response ? answer : respond(answer);
  };
}

/** What a request asks, as far as its line and headers tell. */
export interface RequestLabels {
  /** The endpoint's path as Hono takes it, or that of the nearest endpoint above it. */
  readonly route: string;
  /** The endpoint's `api`; `other` if there is none. */
  readonly api: string;
  readonly acceptsRequestId: boolean;
}

const OTHER = { api: 'other', acceptsRequestId: false } as const;

/** Finds the labels of a request among the endpoints of the table. */
export function labelsOf(endpoints: readonly Endpoint[]): (c: Context) => RequestLabels {
  const labelled = endpoints.filter((endpoint) => apiOf(endpoint) !== 'other');
  const byRoute = Map.groupBy(labelled, routeOf);
  const knownRoute = (c: Context) =>
    byRoute.has(c.req.path)
      ? c.req.path
      : // The first one answers; those after it match more.
        matchedRoutes(c).find(({ path }) => byRoute.has(path))?.path;
  return (c) => {
    const route = knownRoute(c);
    if (route === undefined) return { route: routePath(c, -1), ...OTHER };
    const taking = byRoute.get(route)!.find(({ accepts }) => accepts?.(c.req.raw) !== false);
    if (taking === undefined) return { route, ...OTHER };
    return { route, api: apiOf(taking), acceptsRequestId: taking.protocol?.acceptsRequestId ?? false };
  };
}
