import { GraphQLError } from 'graphql';
import { requirePermit } from '../http/admit.ts';
import { KEY_REQUIRED, refuse } from '../http/authenticated-call.ts';
import type { ApiProtocol, AuthenticatedCall, Endpoint, Services } from '../http/endpoint.ts';
import type { Answer } from '../http/respond.ts';
import { rateHeaders } from '../limits/rate-headers.ts';
import { badInput } from '../log/errors.ts';
import { checkedRequest } from './checked-request.ts';
import { clientError } from './errors.ts';
import { graphiqlOff, graphiqlPage } from './graphiql.ts';
import { graphqlHandler } from './handler.ts';
import { graphqlSettings } from './settings.ts';

const JSON_TYPE = 'application/graphql-response+json';

const GRAPHQL: ApiProtocol = {
  api: 'graphql',
  xApiKey: true,
  acceptsRequestId: true,
  missingKeyMessage: KEY_REQUIRED,
  headers: (rate, now) => rateHeaders('graphql', rate, now),
  errorAnswer(error, { request, report }) {
    const { message, extensions } = clientError(error, report);
    const { http, ...shown } = extensions;
    return errorsAnswer(request, { message, extensions: shown }, http);
  },
};

/** @throws Error if the file of allowed operations cannot be read or is not valid. */
function answerOperations(services: Services) {
  const { config, metrics, report, bodyMemory } = services;
  const handle = graphqlHandler(graphqlSettings(config), metrics, report);
  const limits = {
    maxBytes: config.RELAYLOG_GRAPHQL_MAX_BYTES,
    maxCost: config.RELAYLOG_GRAPHQL_MAX_COST,
    bodyMemory,
  };
  return async (call: AuthenticatedCall): Promise<Answer | Response> => {
    const answer = await handle(await checkedRequest(call.request, limits, call.charge), call);
    if (answer.status !== 406 || answer.body !== null)
      return answer instanceof Response ? wholeAnswer(answer) : answer;
    throw new GraphQLError(`Accept must allow application/json or ${JSON_TYPE}.`, {
      extensions: { http: { status: 406 } },
    });
  };
}

/** A response of Yoga as an answer; a stream stays a response. */
async function wholeAnswer(response: Response): Promise<Answer | Response> {
  const { status, headers } = response;
  if (!(headers.get('content-type') ?? '').includes('json')) {
    // Yoga names an encoding that does not exist, so that proxies do not buffer the stream.
    if (headers.get('content-encoding') === 'none') headers.delete('content-encoding');
    return response;
  }
  return { status, headers: Object.fromEntries(headers), body: await response.text() };
}

interface ErrorHttp {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Returns a GraphQL response with one error, for a request that was rejected before GraphQL handled it. */
function errorsAnswer(
  request: Request,
  error: object,
  { status = 400, headers = {} }: ErrorHttp = {},
): Answer {
  const type = (request.headers.get('accept') ?? '').includes(JSON_TYPE) ? JSON_TYPE : 'application/json';
  return {
    status,
    headers: { ...headers, 'content-type': `${type}; charset=utf-8` },
    body: JSON.stringify({ errors: [error] }),
  };
}

/** Returns whether the request comes from a browser that navigates to the page. */
function wantsPage({ method, headers }: Request): boolean {
  return (method === 'GET' || method === 'HEAD') && (headers.get('accept') ?? '').includes('text/html');
}

function showGraphiQL(services: Services) {
  const page = graphqlSettings(services.config).graphiql ? graphiqlPage(services.assets) : graphiqlOff;
  return async (request: Request): Promise<Response> => {
    try {
      requirePermit();
      if (wantsWebSocket(request)) throw badInput(NO_WEB_SOCKETS);
      return await page();
    } catch (error) {
      return refuse(request, GRAPHQL, services, error);
    }
  };
}

/** Whether a client wants to open a WebSocket. */
function wantsWebSocket({ headers }: Request): boolean {
  return headers.get('upgrade')?.toLowerCase() === 'websocket';
}

const NO_WEB_SOCKETS =
  'WebSockets are not supported. Send operations by POST or GET to this address; results can be streamed as server-sent events (Accept: text/event-stream).';

export const GRAPHQL_ENDPOINTS: readonly Endpoint[] = [
  {
    protocol: null,
    api: 'graphiql',
    methods: ['GET'],
    path: '/graphql',
    description: 'GraphiQL, for browsers that accept `text/html`; 400 for WebSocket upgrades',
    accepts: (request) => wantsPage(request) || wantsWebSocket(request),
    open: showGraphiQL,
  },
  {
    protocol: GRAPHQL,
    scope: null,
    methods: ['GET', 'POST'],
    path: '/graphql',
    description: 'GraphQL over HTTP; scopes are checked by field',
    open: answerOperations,
  },
];
