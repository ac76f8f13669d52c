import { GraphQLError } from 'graphql';
import type { Authenticator } from '../access/authenticator.ts';
import { keyOf } from '../access/viewer.ts';
import { ViewerLogs } from '../access/viewer-logs.ts';
import { requirePermit } from '../http/admit.ts';
import { wantsPage } from '../http/endpoint-of.ts';
import { type Answer, respond } from '../http/respond.ts';
import { rateHeaders } from '../limits/rate-headers.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import { RelaylogError } from '../log/errors.ts';
import type { LogStore } from '../store/store.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { Charge } from './charge.ts';
import { type BodyLimits, checkedRequest } from './checked-request.ts';
import { clientError } from './errors.ts';
import { graphiqlPage } from './graphiql.ts';
import { type GraphQLSettings, graphqlHandler } from './handler.ts';

export interface GraphQLParts extends BodyLimits {
  readonly store: LogStore;
  readonly authenticator: Authenticator;
  readonly limits: RateLimits;
  cursorSecret(): Promise<Buffer>;
  /** Unix milliseconds. */
  now(): number;
  readonly metrics: Pick<Metrics, 'cache' | 'counter' | 'gauge' | 'labelled'>;
  /** Called with each error that was not expected, and what else is known of it. */
  report(error: unknown, details?: object): void;
}

const JSON_TYPE = 'application/graphql-response+json';

/**
 * Answers `/graphql`: a page for a browser that opens it, and operations for whoever has a key.
 *
 * @throws Error where the file of allowed operations cannot be used.
 */
export function graphqlEndpoint(
  parts: GraphQLParts,
  settings: GraphQLSettings,
): (request: Request) => Promise<Response> {
  const handle = graphqlHandler(settings, parts.metrics, parts.report);
  return async (request) => {
    const now = parts.now();
    let charge: Charge | null = null;
    let answer: Response | Answer;
    try {
      requirePermit();
      if (wantsPage(request)) return await graphiqlPage();
      const key = keyOf(request.headers, { xApiKey: true });
      if (key === null) {
        throw new RelaylogError('UNAUTHENTICATED', 'Send an API key as Authorization: Bearer or X-API-Key.');
      }
      const viewer = await parts.authenticator.viewerOf(key, now);
      charge = new Charge(parts.limits, viewer, parts.now);
      const cursorSecret = await parts.cursorSecret();
      answer = await handle(await checkedRequest(request, parts), {
        viewer,
        logs: new ViewerLogs(parts.store, viewer, now),
        cursorSecret,
        now,
        charge,
      });
      if (answer.status === 406 && answer.body === null) {
        throw new GraphQLError(`Accept must allow application/json or ${JSON_TYPE}.`, {
          extensions: { http: { status: 406 } },
        });
      }
    } catch (error) {
      answer = refusal(request, error, parts.report);
    }
    return settled(request, answer, charge, parts);
  };
}

/**
 * The answer, paid for, with the headers that say what is left. Where even that little cannot be paid, there is none;
 * where it is not known who asks, nobody pays.
 */
async function settled(
  request: Request,
  answer: Response | Answer,
  charge: Charge | null,
  parts: GraphQLParts,
): Promise<Response> {
  let told = answer;
  try {
    await charge?.payIfUnpaid();
  } catch (error) {
    told = refusal(request, error, parts.report);
  }
  const now = parts.now();
  const rate = charge?.state ?? parts.limits.untouched('graphql', now);
  const headers = rateHeaders('graphql', rate, now);
  if (isAnswer(told)) return respond({ ...told, headers: { ...told.headers, ...headers } });
  for (const [name, value] of Object.entries(headers)) told.headers.set(name, value);
  return told;
}

function isAnswer(told: Response | Answer): told is Answer {
  return typeof told.body === 'string';
}

/** A well-formed GraphQL answer to a request that did not reach GraphQL. */
function refusal(request: Request, error: unknown, report: (error: unknown) => void): Answer {
  const told = clientError(error, report);
  const { status = 400, headers = {} } = told.extensions.http ?? {};
  const type = (request.headers.get('accept') ?? '').includes(JSON_TYPE) ? JSON_TYPE : 'application/json';
  const { http: _, ...extensions } = told.extensions;
  return {
    status,
    headers: { ...headers, 'content-type': `${type}; charset=utf-8` },
    body: JSON.stringify({ errors: [{ message: told.message, extensions }] }),
  };
}
