import { gql } from '@urql/core';

/* Queries that urql and Apollo Client send. */

/** A page of logs, as an operation with this name. */
export const logsQuery = (name: string) => gql`
  query ${name}($first: Int!, $after: String) {
    requestLogs(first: $first, after: $after) {
      edges {
        node {
          id
          path
        }
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }
`;

export const NODES = gql`
  query Nodes($ids: [ID!]!) {
    nodes(ids: $ids) {
      id
      ... on RequestLog {
        method
      }
    }
  }
`;

export const PLAN = gql`
  query Plan {
    viewer {
      id
      plan
    }
  }
`;

export const SCOPES = gql`
  query Scopes {
    viewer {
      id
      scopes
    }
  }
`;

export const BOTH = gql`
  query Both {
    viewer {
      id
      plan
      scopes
    }
  }
`;

/** A question about statistics of which an operation with this name selects these measures. */
const statsQuery = (name: string, measures: string) => gql`
  query ${name}($filter: RequestLogFilter) {
    requestLogStats(filter: $filter) {
      id
      measures { ${measures} }
      groups(by: [METHOD, HOST]) {
        nodes {
          id
          key { dimension value }
          measures { ${measures} }
          buckets(interval: DAY) { id from measures { ${measures} } }
        }
      }
      buckets(interval: HOUR) { id from measures { ${measures} } }
    }
  }
`;

export const COUNTS = statsQuery('Counts', 'count durationMs { max }');
export const DURATIONS = statsQuery('Durations', 'durationMs { p95 } serverErrorCount');
export const COUNTS_AND_DURATIONS = statsQuery(
  'CountsAndDurations',
  'count serverErrorCount durationMs { max p95 }',
);
