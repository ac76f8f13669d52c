/** One family of metrics, as Prometheus shows it. */
export interface MetricFamily {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  readonly help: string;
}

/** Every metric of Relaylog's own, declared once; the docs' table is written from it. Units are in the names. */
export const METRICS = {
  relaylog_build_info: {
    type: 'gauge',
    labels: ['version', 'node_version'],
    help: 'Always 1; the labels say what runs.',
  },
  relaylog_http_requests_in_flight: {
    type: 'gauge',
    labels: ['api'],
    help: 'Requests that have no answer yet, or whose stream has not ended.',
  },
  relaylog_http_requests_total: {
    type: 'counter',
    labels: ['api', 'operation', 'code'],
    help: 'Requests answered, by API, operation and code (OK or an error code).',
  },
  relaylog_http_request_duration_seconds: {
    type: 'histogram',
    labels: ['api', 'operation'],
    help: 'From the request to its answer, or to the end of its stream.',
  },
  relaylog_store_call_duration_seconds: {
    type: 'histogram',
    labels: ['call'],
    help: 'Duration of a call to the store, by call.',
  },
  relaylog_store_call_errors_total: {
    type: 'counter',
    labels: ['call', 'code'],
    help: 'Calls to the store that failed, by call and code.',
  },
  relaylog_graphql_operation_names: {
    type: 'gauge',
    labels: [],
    help: 'Names of GraphQL operations that have a label of their own; at most 100, all others are `other`.',
  },
  relaylog_graphql_compiled_answers_total: {
    type: 'counter',
    labels: [],
    help: 'Requests that the compiled executor answered.',
  },
  relaylog_graphql_compiled_fallbacks_total: {
    type: 'counter',
    labels: ['reason'],
    help: 'Requests that the compiled executor left to graphql-js, by reason; `fault` is a bug, and is logged.',
  },
  relaylog_graphql_compiled_characters: {
    type: 'gauge',
    labels: [],
    help: 'Characters of the operations that are kept compiled, each once and once more for each of its programs.',
  },
  relaylog_cache_entries: {
    type: 'gauge',
    labels: ['cache'],
    help: 'Entries of a cache.',
  },
  relaylog_cache_hits_total: {
    type: 'counter',
    labels: ['cache'],
    help: 'Lookups that a cache answered.',
  },
  relaylog_cache_evictions_total: {
    type: 'counter',
    labels: ['cache'],
    help: 'Entries that gave way to others.',
  },
  relaylog_ingest_batches_pending: {
    type: 'gauge',
    labels: [],
    help: 'Batches that wait or are being stored.',
  },
  relaylog_buffered_body_bytes: {
    type: 'gauge',
    labels: [],
    help: 'Bytes of request bodies that are held in memory.',
  },
  relaylog_rejected_credential_addresses: {
    type: 'gauge',
    labels: [],
    help: 'Addresses that lately sent credentials which were refused.',
  },
  relaylog_rate_limit_buckets: {
    type: 'gauge',
    labels: [],
    help: 'Token buckets of organizations and APIs that this process counts.',
  },
  relaylog_rate_limit_clients: {
    type: 'gauge',
    labels: [],
    help: 'Clients whose share of a rate limit this process counts.',
  },
} as const satisfies Record<string, MetricFamily>;

export type MetricName = keyof typeof METRICS;

/** Caches, by their label; `relaylog_cache_…` shows each that there is. */
export const CACHES = {
  key_owners: 'Owners of API keys.',
  parameter_values: 'Values of query parameters, parsed.',
  parsed_operations: 'GraphQL operations, parsed.',
  refused_operations: 'Texts of GraphQL operations and their mistakes.',
  compiled_operations: 'GraphQL operations, compiled.',
  operation_costs: 'Costs of GraphQL operations.',
  accept_headers: 'Accept headers and the content type that each gets.',
  sqlite_statements: 'SQLite: statements kept prepared in the thread that answers pages.',
  sqlite_names: 'SQLite: numbers of routes, keys and organizations, in the thread that answers pages.',
} as const;

export type CacheName = keyof typeof CACHES;
