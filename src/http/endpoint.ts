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
import type { StaticAssets } from './static-assets.ts';

/** Dependencies of the endpoints; created once per app. */
export interface Services {
  readonly config: Config;
  readonly store: Store;
  readonly ingest: Ingest;
  readonly authenticator: Authenticator;
  readonly limits: RateLimits;
  /** Memory budget of all request bodies. */
  readonly bodyMemory: MemoryBudget;
  readonly metrics: Metrics;
  /** All endpoints of the app. */
  readonly endpoints: readonly Endpoint[];
  /** Files of pages. */
  readonly assets: StaticAssets;
  /** Aborts when the server begins to shut down. Streams should end then; those that do not are closed later. */
  readonly stopping: AbortSignal;
  cursorSecret(): Promise<Buffer>;
  /** Unix milliseconds. */
  now(): number;
  /** Logs an unexpected error with further details. */
  report(error: unknown, details?: object): void;
}

/** The request that an error answer belongs to. */
export interface RequestContext {
  readonly request: Request;
  /** Id of the request: the client's own, or a new one with the prefix `req_`. */
  readonly requestId: string;
  report(error: unknown): void;
}

/** The properties of an API that all its endpoints share: credentials, headers and error format. */
export interface ApiProtocol {
  readonly api: RatedApi;
  /** Whether clients can send their key as `X-API-Key`. */
  readonly xApiKey: boolean;
  /** Whether clients can set the request id with `X-Request-Id`. False for the shims: the vendors generate the id. */
  readonly acceptsRequestId: boolean;
  /** Error message for a request without a key. */
  readonly missingKeyMessage: string;
  /** Returns the headers of every answer. @param now Unix milliseconds. */
  headers(
    rate: RateState,
    now: number,
    context: Pick<RequestContext, 'request' | 'requestId'>,
  ): Readonly<Record<string, string>>;
  /** Returns an error in the format of the API, and reports it if it is unexpected. */
  errorAnswer(error: unknown, context: RequestContext): Answer;
}

export type Params = Readonly<Record<string, string>>;

/** A request whose caller has been authenticated. If the API counts requests, this one has been charged. */
export interface AuthenticatedCall {
  readonly request: Request;
  readonly url: URL;
  /** Path parameters by name. */
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
  /** Path in OpenAPI syntax: `/v1/logs/{id}`. A path that ends with `/*` is a wildcard, tried after the endpoints before it. */
  readonly path: string;
  readonly description: string;
  /** Selects between endpoints with the same method and path: whether this one accepts the request. Default: always. */
  readonly accepts?: (request: Request) => boolean;
  /** OpenAPI properties other than the method, path and summary. */
  readonly openApi?: (limits: IngestLimits) => Omit<RouteConfig, 'method' | 'path' | 'summary'>;
  /** The response can be a stream of any length. Its permit, deadline and log line apply until the stream ends. */
  readonly streams?: true;
}

/** An endpoint whose callers `authenticatedCall` authenticates, charges and authorizes. */
export interface AuthenticatedEndpoint extends EndpointBase {
  /** Determines the label in metrics and logs, the rate limit, the concurrency limit and the error format. */
  readonly protocol: ApiProtocol;
  /** Required scope; null: the endpoint checks scopes itself. */
  readonly scope: Scope | null;
  /** Creates the handler; called once per app. */
  readonly open: (services: Services) => (call: AuthenticatedCall) => Promise<Answer | Response>;
}

/** An endpoint without authentication, for operators and browsers. */
export interface PublicEndpoint extends EndpointBase {
  readonly protocol: null;
  /** Label in metrics and logs, and name of the concurrency limit. */
  readonly api: 'graphiql' | 'other';
  /** Creates the handler; called once per app. */
  readonly open: (services: Services) => (request: Request) => Promise<Answer | Response>;
}

export type Endpoint = AuthenticatedEndpoint | PublicEndpoint;

/** Returns the label in metrics and logs, which is also the name of the concurrency limit. */
export function apiOf(endpoint: Endpoint): string {
  return endpoint.protocol === null ? endpoint.api : endpoint.protocol.api;
}

/** Returns the path in Hono's syntax: `/v1/logs/:id`. */
export function routeOf({ path }: Endpoint): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}
