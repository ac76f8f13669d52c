/** Declaration of a Prometheus metric. */
export interface MetricFamily {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  readonly help: string;
}

/** All metrics that Relaylog itself defines. The table in the docs is generated from this. Names contain the unit. */
export const METRICS = {
  relaylog_build_info: {
    type: 'gauge',
    labels: ['version', 'node_version'],
    help: 'Always 1; the labels contain the versions of Relaylog and Node.js.',
  },
  relaylog_store_up: {
    type: 'gauge',
    labels: [],
    help: '1 if the store answered when this was scraped, as `/readyz` would say; else 0.',
  },
  relaylog_purges_total: {
    type: 'counter',
    labels: ['result'],
    help: 'Scheduled purges of this process, by result: `done` or `failed`.',
  },
  relaylog_roll_up_lag_seconds: {
    type: 'gauge',
    labels: [],
    help: 'Seconds since no roll-up was due; statistics of what is due are read from the logs.',
  },
  relaylog_roll_up_changed_hours: {
    type: 'gauge',
    labels: [],
    help: 'Hours that were changed since their roll-ups were built, of all organizations. Their statistics are read from logs.',
  },
  relaylog_roll_up_unfinished_organizations: {
    type: 'gauge',
    labels: [],
    help: 'Organizations with logs that are not rolled up yet.',
  },
  relaylog_roll_up_steps_total: {
    type: 'counter',
    labels: [],
    help: 'Steps in which this process built roll-ups.',
  },
  relaylog_roll_up_step_seconds_total: {
    type: 'counter',
    labels: [],
    help: 'Seconds that these steps took.',
  },
  relaylog_text_index_lag_seconds: {
    type: 'gauge',
    labels: [],
    help: 'Seconds since no text was due to be indexed; searches read the logs of what is due. 0 with MongoDB.',
  },
  relaylog_text_index_steps_total: {
    type: 'counter',
    labels: [],
    help: 'Steps in which this process indexed texts.',
  },
  relaylog_text_index_step_seconds_total: {
    type: 'counter',
    labels: [],
    help: 'Seconds that these steps took.',
  },
  relaylog_http_requests_in_flight_limit: {
    type: 'gauge',
    labels: [],
    help: 'Concurrency limit of each API (`RELAYLOG_MAX_REQUESTS_IN_FLIGHT`).',
  },
  relaylog_http_requests_in_flight: {
    type: 'gauge',
    labels: ['api'],
    help: 'Requests that have not been answered yet or whose stream has not ended, by API.',
  },
  relaylog_http_requests_total: {
    type: 'counter',
    labels: ['api', 'operation', 'code'],
    help: 'Answered requests, by API, operation and code (OK or an error code).',
  },
  relaylog_http_request_duration_seconds: {
    type: 'histogram',
    labels: ['api', 'operation'],
    help: 'Time from the request to its response or to the end of its stream, by API and operation.',
  },
  relaylog_store_call_duration_seconds: {
    type: 'histogram',
    labels: ['call'],
    help: 'Duration of store calls, by call.',
  },
  relaylog_store_call_errors_total: {
    type: 'counter',
    labels: ['call', 'code'],
    help: 'Failed store calls, by call and code.',
  },
  relaylog_graphql_operation_names: {
    type: 'gauge',
    labels: [],
    help: 'GraphQL operation names that have their own label; at most 100, all others are counted as `other`.',
  },
  relaylog_graphql_compiled_answers_total: {
    type: 'counter',
    labels: [],
    help: 'Requests answered by the compiled executor.',
  },
  relaylog_graphql_compiled_fallbacks_total: {
    type: 'counter',
    labels: ['reason'],
    help: 'Requests that the compiled executor passed to graphql-js, by reason; `fault` is a bug and is logged.',
  },
  relaylog_graphql_compiled_characters: {
    type: 'gauge',
    labels: [],
    help: 'Characters of the cached compiled operations; each operation counts once, plus once per program.',
  },
  relaylog_cache_entries: {
    type: 'gauge',
    labels: ['cache'],
    help: 'Entries in a cache, by cache.',
  },
  relaylog_cache_hits_total: {
    type: 'counter',
    labels: ['cache'],
    help: 'Lookups that found an entry, by cache.',
  },
  relaylog_cache_evictions_total: {
    type: 'counter',
    labels: ['cache'],
    help: 'Entries evicted to make space for others, by cache.',
  },
  relaylog_ingest_batches_pending: {
    type: 'gauge',
    labels: [],
    help: 'Ingest batches that are waiting or being stored.',
  },
  relaylog_buffered_body_bytes_limit: {
    type: 'gauge',
    labels: [],
    help: 'Memory budget of request bodies (`RELAYLOG_MAX_BUFFERED_BODY_BYTES`).',
  },
  relaylog_buffered_body_bytes: {
    type: 'gauge',
    labels: [],
    help: 'Bytes of request bodies in memory.',
  },
  relaylog_rejected_credential_addresses: {
    type: 'gauge',
    labels: [],
    help: 'Addresses that recently sent rejected credentials.',
  },
  relaylog_rate_limit_buckets: {
    type: 'gauge',
    labels: [],
    help: 'Token buckets, one per organization and API, in the memory of this process.',
  },
  relaylog_rate_limit_clients: {
    type: 'gauge',
    labels: [],
    help: 'Clients whose share of a rate limit is tracked in the memory of this process.',
  },
} as const satisfies Record<string, MetricFamily>;

export type MetricName = keyof typeof METRICS;

/** Caches by the label `cache` of the metrics `relaylog_cache_…`. A cache appears only if it is in use. */
export const CACHES = {
  key_owners: 'Owners of API keys.',
  parameter_values: 'Parsed values of query parameters.',
  parsed_operations: 'Parsed GraphQL operations.',
  persisted_queries: 'Texts of automatic persisted queries; an entry is an organization.',
  refused_operations: 'Errors of invalid GraphQL operations.',
  compiled_operations: 'Compiled GraphQL operations.',
  operation_costs: 'Costs of GraphQL operations.',
  accept_headers: 'Accept headers and the negotiated content type of each.',
  sqlite_statements: 'SQLite: prepared statements in the thread that reads pages.',
  sqlite_names: 'SQLite: numeric ids of routes, keys and organizations in the thread that reads pages.',
} as const;

export type CacheName = keyof typeof CACHES;
