/** A route of the API that demo logs are about. */
export interface DemoRoute {
  readonly method: string;
  readonly pattern: string;
  /** What ids of its resources begin with. */
  readonly idPrefix: string;
  readonly type: string;
  /** The service that handles it. */
  readonly service: string;
  /** Relative frequency of calls. */
  readonly weight: number;
  /** Typical duration in milliseconds. */
  readonly usualMs: number;
  readonly units: number;
}

/** The route of searches. */
export const SEARCH_ROUTE: DemoRoute = {
  method: 'GET',
  pattern: '/v1/trademarks',
  idPrefix: 'tm',
  type: 'search',
  service: 'search',
  weight: 20,
  usualMs: 180,
  units: 1,
};

/** The route that reads one of what searches find. The same service handles it. */
export const TRADEMARK_ROUTE: DemoRoute = {
  method: 'GET',
  pattern: '/v1/trademarks/{id}',
  idPrefix: 'tm',
  type: 'read',
  service: 'search',
  weight: 16,
  usualMs: 30,
  units: 0,
};

const PARTICIPANTS = { service: 'participants', idPrefix: 'p', pattern: '/v1/participants' } as const;
const PARTICIPANT = { ...PARTICIPANTS, pattern: '/v1/participants/{id}' } as const;

export const ROUTES: readonly DemoRoute[] = [
  { ...PARTICIPANT, method: 'GET', type: 'read', weight: 30, usualMs: 24, units: 0 },
  { ...PARTICIPANTS, method: 'GET', type: 'list', weight: 14, usualMs: 60, units: 1 },
  { ...PARTICIPANTS, method: 'POST', type: 'write', weight: 8, usualMs: 95, units: 1 },
  { ...PARTICIPANT, method: 'PATCH', type: 'write', weight: 5, usualMs: 80, units: 1 },
  SEARCH_ROUTE,
  TRADEMARK_ROUTE,
  {
    method: 'POST',
    pattern: '/v1/events',
    idPrefix: 'evt',
    type: 'write',
    service: 'events',
    weight: 18,
    usualMs: 45,
    units: 1,
  },
  { ...PARTICIPANT, method: 'DELETE', type: 'write', weight: 2, usualMs: 70, units: 1 },
  {
    method: 'GET',
    pattern: '/v1/reports/{id}/export',
    idPrefix: 'rep',
    type: 'export',
    service: 'reports',
    weight: 2,
    usualMs: 400,
    units: 10,
  },
];

/** How a request ended. */
export interface DemoOutcome {
  readonly status: number;
  /** Both are absent if the request did not fail. */
  readonly errorType?: string;
  readonly errorDetail?: string;
}

/** Outcomes of usual traffic, with their relative frequencies. */
export const OUTCOMES: readonly (DemoOutcome & { readonly weight: number })[] = [
  { status: 200, weight: 880 },
  { status: 304, weight: 20 },
  {
    status: 400,
    weight: 22,
    errorType: 'validation_error',
    errorDetail: "Parameter 'limit' must be between 1 and 100.",
  },
  { status: 401, weight: 12, errorType: 'unauthorized', errorDetail: 'The API key is not valid.' },
  { status: 403, weight: 6, errorType: 'forbidden', errorDetail: 'The API key lacks a scope.' },
  { status: 404, weight: 36, errorType: 'not_found', errorDetail: 'No such resource.' },
  { status: 429, weight: 12, errorType: 'rate_limited', errorDetail: 'Too many requests.' },
  { status: 500, weight: 7, errorType: 'internal_error', errorDetail: 'Something went wrong.' },
  {
    status: 503,
    weight: 5,
    errorType: 'service_unavailable',
    errorDetail: 'The upstream did not answer in time.',
  },
];

/** Details of the status 400 by the type of the route. */
const INVALID: Readonly<Record<string, string>> = {
  write: "Field 'name' must not be empty.",
  read: 'The id is malformed.',
  export: 'The id is malformed.',
};

/** The outcome as it is on this route: a write is not answered from a cache, and what can be invalid differs. */
export function outcomeOn({ type }: DemoRoute, outcome: DemoOutcome): DemoOutcome {
  if (outcome.status === 304 && type === 'write') return { status: 200 };
  const errorDetail = outcome.status === 400 ? INVALID[type] : undefined;
  return errorDetail === undefined ? outcome : { ...outcome, errorDetail };
}

/** A customer whose requests demo logs are about. */
export interface DemoCustomer {
  readonly id: string;
  readonly keyNumber: number;
  /** User agent of its backend. */
  readonly agent: string;
  readonly host: string;
  /** Relative frequency of its calls. */
  readonly weight: number;
}

export const HARBOR: DemoCustomer = {
  id: 'cus_harbor',
  keyNumber: 2,
  agent: 'harbor-backend/4.2.0 (node 24)',
  host: 'api.example.com',
  weight: 30,
};

export const CUSTOMERS: readonly DemoCustomer[] = [
  { id: 'cus_anvil', keyNumber: 1, agent: 'python-requests/2.32.3', host: 'api.example.com', weight: 40 },
  HARBOR,
  { id: 'cus_lumen', keyNumber: 3, agent: 'Go-http-client/2.0', host: 'eu.api.example.com', weight: 20 },
  { id: 'cus_orchid', keyNumber: 4, agent: 'curl/8.9.1', host: 'eu.api.example.com', weight: 10 },
];
