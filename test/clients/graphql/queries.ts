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
