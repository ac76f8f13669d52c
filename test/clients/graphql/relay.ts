import {
  fetchQuery,
  getPaginationMetadata,
  getPaginationVariables,
  getSelector,
  graphql,
} from 'relay-runtime';
import type { relayEnvironment } from './relay-environment.ts';

/* Relay without React: the store, the network and the compiled queries are the same. */

type Relay = ReturnType<typeof relayEnvironment>;

const LOGS = graphql`
  query relayLogsQuery($first: Int!) {
    ...relayLogs @arguments(first: $first)
  }
`;

const LIST = graphql`
  fragment relayLogs on Query
  @refetchable(queryName: "relayMoreLogsQuery")
  @argumentDefinitions(first: { type: "Int!" }, after: { type: "String" })
  @throwOnFieldError {
    requestLogs(first: $first, after: $after, sort: { field: CREATED_AT, direction: DESC })
      @connection(key: "relay_requestLogs") {
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

interface Connection {
  readonly edges: readonly { readonly node: { readonly id: string; readonly path: string } }[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}

function connectionIn(relay: Relay, query: unknown): Connection {
  return relay.lookup(getSelector(LIST, query)).data.requestLogs;
}

/** Reads a list as `usePaginationFragment` does: the first page, then `loadNext` until there is no more. */
export async function readPages(relay: Relay, first: number) {
  const query = await fetchQuery(relay, LOGS, { first }).toPromise();
  const { paginationRequest, paginationMetadata } = getPaginationMetadata(LIST, 'Logs');
  const lengths: number[] = [];
  for (;;) {
    const { edges, pageInfo } = connectionIn(relay, query);
    lengths.push(edges.length);
    if (!pageInfo.hasNextPage)
      return { lengths, ids: edges.map(({ node }) => node.id), paths: edges.map(({ node }) => node.path) };
    const variables = getPaginationVariables(
      'forward',
      first,
      pageInfo.endCursor,
      {},
      {},
      paginationMetadata,
    );
    await fetchQuery(relay, paginationRequest, variables).toPromise();
  }
}

const TOO_MANY = graphql`
  query relayTooManyQuery {
    requestLogs(first: 101) @catch(to: RESULT) {
      totalCount
    }
    viewer {
      plan
    }
  }
`;

/** A list that is refused, beside the viewer. */
export function tooMany(relay: Relay) {
  return fetchQuery(relay, TOO_MANY, {}).toPromise();
}

const ROW = graphql`
  fragment relayRow on RequestLog @refetchable(queryName: "relayRowRefetchQuery") {
    path
    method
  }
`;

/** Refetches one log by its id, as `useRefetchableFragment` does. */
export function refetch(relay: Relay, id: string) {
  const { refetch } = ROW.metadata;
  return fetchQuery(relay, refetch.operation.default ?? refetch.operation, { id })
    .toPromise()
    .then(({ node }: { node: unknown }) => relay.lookup(getSelector(ROW, node)).data);
}

const NODES = graphql`
  query relayNodesQuery($good: ID!, $bad: ID!, $ids: [ID!]!) {
    good: node(id: $good) @catch(to: RESULT) {
      id
    }
    bad: node(id: $bad) @catch(to: RESULT) {
      id
    }
    quiet: node(id: $bad) @catch(to: NULL) {
      id
    }
    nodes(ids: $ids) {
      id
    }
  }
`;

/** One bad id beside good ones. */
export function oneBadId(relay: Relay, good: string, bad: string) {
  return fetchQuery(relay, NODES, { good, bad, ids: [good, bad, good] }).toPromise();
}

const PLAN = graphql`
  query relayPlanQuery {
    viewer {
      plan
    }
  }
`;

const SCOPES = graphql`
  query relayScopesQuery {
    viewer {
      scopes
    }
  }
`;

const BOTH = graphql`
  query relayBothQuery {
    viewer {
      plan
      scopes
    }
  }
`;

/** Two queries that select different fields of the viewer; then both are read from the store. */
export async function viewerOfTwo(relay: Relay) {
  await fetchQuery(relay, PLAN, {}).toPromise();
  await fetchQuery(relay, SCOPES, {}).toPromise();
  return fetchQuery(relay, BOTH, {}, { fetchPolicy: 'store-or-network' }).toPromise();
}

const COUNTS = graphql`
  query relayCountsQuery($filter: RequestLogFilter) {
    requestLogStats(filter: $filter) {
      measures {
        count
        durationMs {
          max
        }
      }
      groups(by: [METHOD, HOST]) {
        nodes {
          key {
            dimension
            value
          }
          measures {
            count
            durationMs {
              max
            }
          }
          buckets(interval: DAY) {
            from
            measures {
              count
              durationMs {
                max
              }
            }
          }
        }
      }
      buckets(interval: HOUR) {
        from
        measures {
          count
          durationMs {
            max
          }
        }
      }
    }
  }
`;

const DURATIONS = graphql`
  query relayDurationsQuery($filter: RequestLogFilter) {
    requestLogStats(filter: $filter) {
      measures {
        serverErrorCount
        durationMs {
          p95
        }
      }
      groups(by: [METHOD, HOST]) {
        nodes {
          key {
            dimension
            value
          }
          measures {
            serverErrorCount
            durationMs {
              p95
            }
          }
          buckets(interval: DAY) {
            from
            measures {
              serverErrorCount
              durationMs {
                p95
              }
            }
          }
        }
      }
      buckets(interval: HOUR) {
        from
        measures {
          serverErrorCount
          durationMs {
            p95
          }
        }
      }
    }
  }
`;

const COUNTS_AND_DURATIONS = graphql`
  query relayCountsAndDurationsQuery($filter: RequestLogFilter) {
    requestLogStats(filter: $filter) {
      measures {
        count
        serverErrorCount
        durationMs {
          max
          p95
        }
      }
      groups(by: [METHOD, HOST]) {
        nodes {
          key {
            dimension
            value
          }
          measures {
            count
            serverErrorCount
            durationMs {
              max
              p95
            }
          }
          buckets(interval: DAY) {
            from
            measures {
              count
              serverErrorCount
              durationMs {
                max
                p95
              }
            }
          }
        }
      }
      buckets(interval: HOUR) {
        from
        measures {
          count
          serverErrorCount
          durationMs {
            max
            p95
          }
        }
      }
    }
  }
`;

/** Two queries that select different measures of the same question; then all of them are read from the store. */
export async function measuresOfTwo(relay: Relay, filter: object) {
  await fetchQuery(relay, COUNTS, { filter }).toPromise();
  await fetchQuery(relay, DURATIONS, { filter }).toPromise();
  return fetchQuery(relay, COUNTS_AND_DURATIONS, { filter }, { fetchPolicy: 'store-or-network' }).toPromise();
}
