import type { Config } from '../config/config.ts';
import type { Limits } from './limits.ts';

/** The configuration of the GraphQL endpoint. */
export interface GraphQLSettings {
  readonly limits: Limits;
  /** Address of a trace, with `{traceId}` in place of its id; null: unknown. */
  readonly traceUrlTemplate: string | null;
  /** Whether introspection is allowed. */
  readonly introspection: boolean;
  /** Whether GraphiQL is shown; it cannot work without introspection or with allowed operations alone. */
  readonly graphiql: boolean;
  /** Whether operations are compiled after their first execution. */
  readonly compiled: boolean;
  /** File of allowed operations; null: all operations are allowed. */
  readonly operationsFile: string | null;
}

export function graphqlSettings(config: Config): GraphQLSettings {
  return {
    introspection: config.RELAYLOG_GRAPHQL_INTROSPECTION === 'on',
    graphiql:
      config.RELAYLOG_GRAPHIQL === 'on' &&
      config.RELAYLOG_GRAPHQL_INTROSPECTION === 'on' &&
      config.RELAYLOG_GRAPHQL_OPERATIONS_FILE === '',
    compiled: config.RELAYLOG_GRAPHQL_COMPILED === 'on',
    traceUrlTemplate: config.RELAYLOG_TRACE_URL || null,
    operationsFile: config.RELAYLOG_GRAPHQL_OPERATIONS_FILE || null,
    limits: {
      maxCost: config.RELAYLOG_GRAPHQL_MAX_COST,
      maxDepth: config.RELAYLOG_GRAPHQL_MAX_DEPTH,
      maxAliases: config.RELAYLOG_GRAPHQL_MAX_ALIASES,
      maxDirectives: config.RELAYLOG_GRAPHQL_MAX_DIRECTIVES,
      maxTokens: config.RELAYLOG_GRAPHQL_MAX_TOKENS,
      maxQueryBytes: config.RELAYLOG_GRAPHQL_MAX_BYTES,
      maxIngestBytes: config.RELAYLOG_INGEST_MAX_BYTES,
      maxIngestLogs: config.RELAYLOG_INGEST_MAX_LOGS,
      maxBodyBytes: config.RELAYLOG_MAX_RECORDED_BODY_BYTES,
    },
  };
}
