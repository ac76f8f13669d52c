import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import type { Authenticator } from '../access/authenticator.ts';
import type { Scope } from '../access/scopes.ts';
import type { Viewer } from '../access/viewer.ts';
import type { ViewerLogs } from '../access/viewer-logs.ts';
import type { Config } from '../config/config.ts';
import type { IngestLimits } from '../ingest/ingest-batch.ts';
import type { Ingest } from '../ingest/ingest-thread.ts';
import type { Charge } from '../limits/charge.ts';
import type { MemoryBudget } from '../limits/memory-budget.ts';
import type { RateLimits } from '../limits/rate-limits.ts';
import type { RateState } from '../limits/rate-rule.ts';
import type { RatedApi } from '../limits/rates.ts';
import type { Store } from '../store/store.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Answer } from './respond.ts';

/** What endpoints work with; made once for an app. */
export interface Services {
  readonly config: Config;
  readonly store: Store;
  readonly ingest: Ingest;
  readonly authenticator: Authenticator;
  readonly limits: RateLimits;
  /** Of all request bodies together. */
  readonly bodyMemory: MemoryBudget;
  readonly metrics: Metrics;
  /** Every endpoint of the app. */
  readonly endpoints: readonly Endpoint[];
  /** Aborts when the server is about to stop: a stream should end now; later it is broken off. */
  readonly stopping: AbortSignal;
  cursorSecret(): Promise<Buffer>;
  /** Unix milliseconds. */
  now(): number;
  /** Logs an error that was not expected, and what else is known of it. */
  report(error: unknown, details?: object): void;
}

/** What an error answer may repeat of its request. */
export interface RequestContext {
  readonly request: Request;
  /** The call's own id, with `req_`. */
  readonly requestId: string;
  report(error: unknown): void;
}

/** How one API differs from the others: its credentials, what it charges, how it says no. */
export interface ApiProtocol {
  readonly api: RatedApi;
  /** Whether a key may come in `X-API-Key`. */
  readonly xApiKey: boolean;
  /** Whether a client may send the id of its call, as `X-Request-Id`; a vendor makes it itself. */
  readonly acceptsRequestId: boolean;
  /** Said to a request without a key. */
  readonly keyRequired: string;
  /** Charged before the endpoint is called; null: the endpoint charges what the work costs. */
  readonly cost: number | null;
  /** Headers of every answer. */
  headers(rate: RateState, now: number, requestId: string): Readonly<Record<string, string>>;
  /** An error in the API's own shape; reports one that was not expected. */
  errorAnswer(error: unknown, context: RequestContext): Answer;
}

export type Params = Readonly<Record<string, string>>;

/** What an endpoint works with, once the caller is known and has paid. */
export interface AuthenticatedCall {
  readonly request: Request;
  readonly url: URL;
  /** Parts of the path, by their names in the endpoint's path. */
  readonly params: Params;
  readonly viewer: Viewer;
  readonly logs: ViewerLogs;
  readonly charge: Charge;
  /** Signs cursors. */
  readonly cursorSecret: Buffer;
  /** Unix milliseconds. */
  readonly now: number;
  readonly requestId: string;
}

interface EndpointBase {
  /** A GET endpoint answers HEAD as well. */
  readonly methods: readonly ('GET' | 'POST')[] | 'ALL';
  /** As OpenAPI writes it: `/v1/logs/{id}`; a path that ends with `/*` takes what no endpoint before it took. */
  readonly path: string;
  readonly description: string;
  /** Which of several endpoints of one method and path takes the request; any of them unless given. */
  readonly accepts?: (request: Request) => boolean;
  /** What OpenAPI says besides the method, the path and the description. */
  readonly openApi?: (limits: IngestLimits) => Omit<RouteConfig, 'method' | 'path' | 'summary'>;
  /** The answer may be a stream of any length: permit, deadline and log line follow its life. */
  readonly streams?: true;
}

/** An endpoint for callers that are authenticated, charged and checked by `authenticatedCall`. */
export interface AuthenticatedEndpoint extends EndpointBase {
  /** Gives the label of metrics and logs, the rate limit, the concurrency limit and the shape of errors. */
  readonly protocol: ApiProtocol;
  /** Null: the endpoint checks scopes itself. */
  readonly scope: Scope | null;
  /** Called once for an app. */
  readonly open: (services: Services) => (call: AuthenticatedCall) => Promise<Answer | Response>;
}

/** An endpoint that anybody may call: operators, browsers. */
export interface PublicEndpoint extends EndpointBase {
  readonly protocol: null;
  /** Label of metrics and logs, and name of the concurrency limit. */
  readonly api: 'graphiql' | 'other';
  /** Called once for an app. */
  readonly open: (services: Services) => (request: Request) => Promise<Answer | Response>;
}

export type Endpoint = AuthenticatedEndpoint | PublicEndpoint;

/** The label of metrics and logs, and the name of the concurrency limit. */
export function apiOf(endpoint: Endpoint): string {
  return endpoint.protocol === null ? endpoint.api : endpoint.protocol.api;
}

/** The path as Hono takes it: `/v1/logs/:id`. */
export function routeOf({ path }: Endpoint): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}
